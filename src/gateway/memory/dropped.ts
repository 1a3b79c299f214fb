/** Subscriptions that were ended because their chat would not take a message. */

import { sql } from '../../store/sql.ts'
import type { Reader, Tx } from '../../store/store.ts'

export interface Dropped {
  readonly board: string
  readonly task_id: string
  readonly platform: string
  readonly chat_id: string
  readonly thread_id: string
  readonly reason: string
}

const remembered = 30 * 86_400

export async function noteDropped(tx: Tx, of: Dropped): Promise<void> {
  await tx.insert(sql`
    insert into dropped (board, task_id, platform, chat_id, thread_id, reason, dropped_at)
    values (${of.board}, ${of.task_id}, ${of.platform}, ${of.chat_id}, ${of.thread_id}, ${of.reason},
      ${tx.now})`)
  await tx.run(sql`delete from dropped where dropped_at < ${tx.now - remembered}`)
}

/** Those of the last `seconds`, the newest first. */
export function droppedWithin(reader: Reader, seconds: number): Promise<Dropped[]> {
  return reader.all<Dropped>(sql`
    select board, task_id, platform, chat_id, thread_id, reason from dropped
    where dropped_at >= ${reader.now - seconds} order by id desc`)
}
