import type { Comment } from '../../model/comment.ts'
import { sql } from '../../store/sql.ts'
import type { Reader } from '../../store/store.ts'
import { named, quoted, type Section, when } from './section.ts'

const shown = 30
const commentLimit = 2 * 1024

/** The latest comments, oldest first. */
export async function discussion(reader: Reader, id: string): Promise<Section> {
  const all = await reader.get<{ count: number }>(
    sql`select count(*) as count from task_comments where task_id = ${id}`,
  )
  const latest = await reader.all<Comment>(sql`
    select id, task_id, author, body, created_at from task_comments
    where task_id = ${id} order by id desc limit ${shown}`)
  return {
    name: 'comments',
    heading: '## Comments',
    blocks: latest.reverse().map(said),
    oldestFirst: true,
    leftOut: (all?.count ?? 0) - latest.length,
    leftOutNoun: 'earlier comments',
  }
}

function said(comment: Comment): string {
  const label = `${named(comment.author)}, ${when(comment.created_at)}`
  return quoted(label, comment.body, commentLimit).join('')
}
