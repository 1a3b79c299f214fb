import { sql } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { notFound } from './move.ts'
import { record } from './record.ts'

/** Returns the comment's id. Any task takes comments, whatever its status. */
export async function comment(tx: Tx, id: string, author: string, body: string): Promise<number> {
  const made = await tx.insert(sql`
    insert into task_comments (task_id, author, body, created_at)
    select id, ${author}, ${body}, ${tx.now} from tasks where id = ${id}`)
  if (made === undefined) throw notFound(id)
  await record(tx, id, 'commented', { author, len: body.length })
  return made
}
