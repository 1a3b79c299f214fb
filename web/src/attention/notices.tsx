import { useSituation } from '../api/board.ts'
import { useConnection } from '../api/live.ts'
import { line } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { usePlace } from '../url/place-store.ts'
import { useDismissed } from './dismissed.ts'
import { Strip } from './strip.tsx'

/** What is wrong with the page or the machine, rather than with a card. */
export function Notices({ ready }: { readonly ready: number }) {
  const { board } = usePlace()
  const connection = useConnection()
  const situation = useSituation(board)
  const { isDismissed, dismiss } = useDismissed('notices')
  const warnings = (situation?.warnings ?? []).map(line)
  return (
    <>
      {connection.is === 'denied' && (
        <Strip label="This page is no longer authorised">
          <span className="text-soft">
            Open it again with <code className="font-mono">hermes dashboard</code>. What is shown is
            as it was.
          </span>
          <Button className="ml-auto" onClick={() => location.reload()}>
            Reload
          </Button>
        </Strip>
      )}
      {connection.is === 'offline' && (
        <Strip label="Offline">
          <span className="text-soft">
            What is shown may be old. It is brought up to date as soon as the server answers.
          </span>
        </Strip>
      )}
      {situation?.dispatcher.alive === false && ready > 0 && !isDismissed('no dispatcher') && (
        <Strip label="No dispatcher is running here" onDismiss={() => dismiss(['no dispatcher'])}>
          <span className="text-soft">
            Nothing starts by itself until one does:{' '}
            <code className="font-mono">hermes gateway run</code>
          </span>
        </Strip>
      )}
      {warnings
        .filter((warning) => !isDismissed(warning))
        .map((warning) => (
          <Strip key={warning} label={warning} onDismiss={() => dismiss([warning])} />
        ))}
    </>
  )
}
