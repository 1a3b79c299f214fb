import { satisfying } from '../../model/status.ts'
import { sql, words } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import { named, quoted, type Section } from './section.ts'

const inFull = 50
const inOneLine = 100

interface Parent {
  readonly id: string
  readonly title: string
  readonly status: string
  readonly result: string | null
  readonly profile: string | null
  readonly summary: string | null
  readonly metadata: string | null
}

/** What the parents hand over: the latest completed run of each, else its result. Latest first. */
export async function handoffs(reader: Reader, id: string): Promise<Section> {
  const satisfied = sql`
    from task_links link join tasks parent on parent.id = link.parent_id
    where link.child_id = ${id} and parent.status in (${words(...satisfying)})`
  const all = await reader.get<{ count: number }>(sql`select count(*) as count ${satisfied}`)
  const latest = await reader.all<Parent>(sql`
    select parent.id, parent.title, parent.status, parent.result, run.profile, run.summary, run.metadata
    from task_links link join tasks parent on parent.id = link.parent_id
      left join task_runs run on run.id = (
        select max(done.id) from task_runs done
        where done.task_id = parent.id and done.outcome = 'completed')
    where link.child_id = ${id} and parent.status in (${words(...satisfying)})
    order by coalesce(parent.completed_at, 0) desc, parent.id
    limit ${inFull + inOneLine}`)
  return {
    name: 'parents',
    heading: '## Results of the tasks before this one',
    blocks: latest.map((parent, index) => (index < inFull ? full(parent) : brief(parent))),
    oldestFirst: false,
    leftOut: (all?.count ?? 0) - latest.length,
    leftOutNoun: 'further results',
  }
}

function full(parent: Parent): string {
  const who = parent.profile === null ? '' : ` by ${named(parent.profile)}`
  // An empty summary says nothing, and must not hide the result.
  const summary = parent.summary || parent.result
  return [
    `### ${parent.id}, ${parent.status}${who}: ${named(parent.title)}`,
    ...quoted('Summary', summary),
    ...(summary === parent.result ? [] : quoted('Result', parent.result)),
    ...quoted('Metadata', parent.metadata),
    ...(summary === null ? ['It handed over nothing.'] : []),
  ].join('\n\n')
}

function brief(parent: Parent): string {
  return `- ${parent.id}, ${parent.status}: ${named(parent.summary || parent.result || parent.title, 200)}`
}
