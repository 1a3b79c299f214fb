import { firstLine } from '../../lib/text.ts'
import { sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import { named, type Section } from './section.ts'

interface Recent {
  readonly task_id: string
  readonly title: string
  readonly summary: string | null
}

/** The last five things that the same assignee has completed elsewhere, a line each. */
export async function roleHistory(
  reader: Reader,
  id: string,
  assignee: string | null,
): Promise<Section> {
  const recent =
    assignee === null
      ? []
      : await reader.all<Recent>(sql`
          select run.task_id, task.title, run.summary
          from task_runs run join tasks task on task.id = run.task_id
          where run.profile = ${assignee} and run.outcome = 'completed' and run.task_id <> ${id}
          order by run.ended_at desc, run.id desc limit 5`)
  return {
    name: 'role',
    heading: `## Recent work of ${named(assignee ?? '')} elsewhere`,
    blocks: recent.length === 0 ? [] : [recent.map(lineOf).join('\n')],
    oldestFirst: false,
    leftOutNoun: 'parts',
  }
}

function lineOf(recent: Recent): string {
  const said = recent.summary ? ` → ${named(firstLine(recent.summary), 200)}` : ''
  return `- ${recent.task_id} ${named(recent.title, 120)}${said}`
}
