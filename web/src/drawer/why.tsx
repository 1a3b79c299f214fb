import type { Shown } from '../../../src/http/types.ts'
import { useNow } from '../lib/clock.ts'
import { copy } from '../lib/copy.ts'
import { fullDuration } from '../lib/duration.ts'
import { plain, sentence } from '../lib/text.ts'
import { goTo, hrefTo } from '../url/place-store.ts'

/** Why it is where it is, and what would move it: the words of `hermes kanban why`. */
export function Why({ shown }: { readonly shown: Shown }) {
  const { task, why, note } = shown
  const now = useNow()
  const { until, next } = why
  const words = plain(why.why)
  return (
    <div className="mt-1.5 text-sm text-soft">
      <p dir="auto" className="foreign" data-why>
        <Words text={sentence(words, task.assignee)} />
        {until !== null && until > now && ` (${fullDuration(until - now)} left)`}
        {/[.!?…]$/.test(words) || '.'}
      </p>
      {task.status === 'running' && note !== null && (
        <p dir="auto" className="foreign mt-0.5">
          It says: {plain(note)}
        </p>
      )}
      {next !== null && (
        <button
          type="button"
          title="Copy the command"
          className="foreign mt-1 rounded-sm bg-sunken px-1.5 py-0.5 text-start font-mono text-xs hover:bg-hover"
          onClick={() => void copy(next)}
        >
          {next}
        </button>
      )}
    </div>
  )
}

/** The ids in it lead to their tasks. */
function Words({ text }: { readonly text: string }) {
  const parts = text.split(/(\bt_[0-9a-f]{8,}\b)/)
  return parts.map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <a
        key={index}
        href={hrefTo({ task: part })}
        className="font-mono text-xs underline"
        onClick={(event) => {
          event.preventDefault()
          goTo({ task: part })
        }}
      >
        {part}
      </a>
    ),
  )
}
