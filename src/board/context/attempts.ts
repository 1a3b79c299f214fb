import { formatDuration } from '../../lib/duration.ts'
import { sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import { named, quoted, type Section, when, word } from './section.ts'

const shown = 10

interface Attempt {
  readonly profile: string | null
  readonly outcome: string
  readonly started_at: number
  readonly ended_at: number
  readonly summary: string | null
  readonly error: string | null
  readonly metadata: string | null
}

/** Ended runs of this very task, with their original numbers. */
export async function attempts(reader: Reader, id: string): Promise<Section> {
  const ended = sql`task_id = ${id} and outcome is not null`
  const all = await reader.get<{ count: number }>(
    sql`select count(*) as count from task_runs where ${ended}`,
  )
  const latest = await reader.all<Attempt>(sql`
    select profile, outcome, started_at, ended_at, summary, error, metadata from task_runs
    where ${ended} order by id desc limit ${shown}`)
  const total = all?.count ?? 0
  const blocks = latest.map((run, index) => attempt(run, total - index)).reverse()
  return {
    name: 'attempts',
    heading: '## Earlier attempts at this task',
    blocks,
    oldestFirst: true,
    leftOut: total - latest.length,
    leftOutNoun: 'earlier attempts',
  }
}

function attempt(run: Attempt, number: number): string {
  const took = formatDuration(Math.max(0, run.ended_at - run.started_at))
  const who = run.profile === null ? '' : ` by ${named(run.profile)}`
  return [
    `### Attempt ${number}: ${word(run.outcome)}${who}, ${took}, ended ${when(run.ended_at)}`,
    ...quoted('Summary', run.summary),
    ...quoted('Error', run.error),
    ...quoted('Metadata', run.metadata),
  ].join('\n\n')
}
