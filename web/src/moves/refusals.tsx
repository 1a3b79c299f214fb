import { useStore } from '../lib/store.ts'
import { count, line } from '../lib/text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { goTo } from '../url/place-store.ts'
import { refused } from './move.ts'

/** What a change of several cards could not do, card by card, with the server's reason. */
export function RefusalList() {
  const refusals = useStore(refused)
  const close = () => refused.set(null)
  if (refusals === null) return null
  const { asked, cards, failures } = refusals
  const titles = new Map(cards.map(({ id, title }) => [id, title]))
  return (
    <Dialog
      open
      wide
      onClose={close}
      title={`${asked}: ${failures.length} of ${count(cards.length, 'card')} refused`}
      description={`${changed(cards.length - failures.length)} The ones below are as they were, and still selected.`}
    >
      <ul className="max-h-[50vh] divide-y divide-line overflow-y-auto rounded-md border border-line">
        {failures.map(({ id, error }) => (
          <li key={id} className="px-3 py-2">
            <button
              type="button"
              className="foreign text-start font-medium hover:underline"
              onClick={() => {
                close()
                goTo({ task: id })
              }}
            >
              {line(titles.get(id) ?? id)}
            </button>
            <p className="foreign text-soft">{error}</p>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

function changed(number: number): string {
  return number === 0 ? 'None was changed.' : `${count(number, 'card was', 'cards were')} changed.`
}
