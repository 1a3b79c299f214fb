import { ChevronRight } from 'lucide-react'
import type { Run, Shown } from '../../../src/http/types.ts'
import { cx } from '../lib/classes.ts'
import { useNow } from '../lib/clock.ts'
import { dateOf, fullDuration } from '../lib/duration.ts'
import { count, line, plain } from '../lib/text.ts'
import { Empty } from '../ui/empty.tsx'
import { Markdown } from '../ui/markdown.tsx'
import { Json } from './json.tsx'

const openOnes = 3

/** Every go at it, newest first: the latest few as they are, earlier ones under their number. */
export function Runs({ shown }: { readonly shown: Shown }) {
  const { runs } = shown
  if (runs.length === 0) {
    return (
      <Empty title="No run yet">Each claim of this task will be here, with how it ended.</Empty>
    )
  }
  const numbered = runs.map((run, index) => ({ run, number: index + 1 })).reverse()
  const earlier = numbered.slice(openOnes)
  return (
    <>
      <ol className="grid gap-3">
        {numbered.slice(0, openOnes).map(({ run, number }) => (
          <li key={run.id}>
            <Go run={run} number={number} isOpen />
          </li>
        ))}
      </ol>
      {earlier.length > 0 && (
        <>
          <h3 className="mt-5 mb-2 text-xs font-medium text-faint">
            {count(earlier.length, 'earlier run')}
          </h3>
          <ol className="grid gap-1.5">
            {earlier.map(({ run, number }) => (
              <li key={run.id}>
                <Go run={run} number={number} />
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  )
}

interface GoProps {
  readonly run: Run
  readonly number: number
  readonly isOpen?: boolean
}

function Go({ run, number, isOpen = false }: GoProps) {
  const now = useNow()
  const { outcome, profile, summary, error, metadata, started_at, ended_at } = run
  return (
    <details open={isOpen} className="group/run rounded-md border border-line" data-run={run.id}>
      <summary className="flex min-h-9 flex-wrap items-center gap-x-2.5 px-3 py-1 pointer-coarse:min-h-11">
        <ChevronRight
          size={14}
          aria-hidden
          className="text-faint transition-[rotate] group-open/run:rotate-90"
        />
        <span className="tabular font-medium">Run {number}</span>
        <span className={cx('flex items-center gap-1.5', colourOf(outcome))}>
          <span aria-hidden className="size-2 rounded-full bg-current" />
          {outcomeNames[outcome ?? 'running'] ?? outcome}
        </span>
        {profile !== null && <span className="foreign truncate text-soft">{line(profile)}</span>}
        <span className="tabular ml-auto text-xs text-faint" title={dateOf(started_at)}>
          {fullDuration((ended_at ?? now) - started_at)}
        </span>
      </summary>
      <div className="grid gap-3 border-t border-line px-3 py-2.5">
        {summary !== null && <Markdown text={summary} />}
        {error !== null && (
          <pre className="foreign overflow-x-auto font-mono text-xs whitespace-pre-wrap text-wrong">
            {plain(error)}
          </pre>
        )}
        {metadata !== null && Object.keys(metadata).length > 0 && (
          <div className="overflow-x-auto font-mono text-xs">
            <Json name="metadata" value={metadata} />
          </div>
        )}
        <p className="foreign text-xs text-faint">
          {[
            `id ${run.id}`,
            dateOf(started_at),
            run.runtime && `by ${run.runtime}`,
            run.model,
            run.host === null ? 'claimed by hand' : `on ${run.host.split('+')[0]}`,
            run.worker_pid !== null && `process ${run.worker_pid}`,
            run.exit_code !== null && `exit code ${run.exit_code}`,
            run.exit_signal !== null && `ended by ${run.exit_signal}`,
          ]
            .filter(Boolean)
            .map((fact) => line(String(fact)))
            .join(' · ')}
        </p>
      </div>
    </details>
  )
}

const outcomeNames: Readonly<Record<string, string>> = {
  running: 'running',
  completed: 'completed',
  blocked: 'blocked',
  crashed: 'crashed',
  timed_out: 'timed out',
  spawn_failed: 'could not start',
  gave_up: 'gave up',
  reclaimed: 'taken back',
  rate_limited: 'met a quota',
}

function colourOf(outcome: string | null): string {
  switch (outcome) {
    case null:
      return 'text-running'
    case 'completed':
      return 'text-done'
    case 'blocked':
    case 'rate_limited':
      return 'text-late'
    case 'reclaimed':
      return 'text-soft'
    default:
      return 'text-wrong'
  }
}
