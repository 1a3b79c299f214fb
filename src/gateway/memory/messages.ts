/** Which of our messages is about which task, so that a reply finds it. */

import { sql } from '../../store/sql.ts'
import type { Reader, Tx } from '../../store/store.ts'

const remembered = 90 * 86_400

export interface Subject {
  readonly board: string
  readonly task_id: string
}

export interface Known extends Subject {
  readonly message_id: string
  /** What a reply does besides being a comment. */
  readonly asks: 'nothing' | 'unblock'
  /** Its text. */
  readonly said: string
}

interface Place {
  readonly platform: string
  readonly chat_id: string
}

/** The latest message about something stands for a thread as well, under the thread's id. */
export async function remember(
  tx: Tx,
  { platform, chat_id }: Place,
  message_id: string,
  { board, task_id }: Subject,
  said: string,
  asks: Known['asks'] = 'nothing',
): Promise<void> {
  await tx.run(sql`
    insert into messages (platform, chat_id, message_id, board, task_id, asks, said, sent_at)
    values (${platform}, ${chat_id}, ${message_id}, ${board}, ${task_id}, ${asks}, ${said}, ${tx.now})
    on conflict (platform, chat_id, message_id) do update set board = excluded.board,
      task_id = excluded.task_id, asks = excluded.asks, said = excluded.said, sent_at = excluded.sent_at`)
}

/** The first of `ids` that is known. */
export async function recall(
  reader: Reader,
  { platform, chat_id }: Place,
  ids: readonly string[],
): Promise<Known | undefined> {
  for (const id of ids) {
    const known = await reader.get<Known>(sql`
      select message_id, board, task_id, asks, said from messages
      where platform = ${platform} and chat_id = ${chat_id} and message_id = ${id}`)
    if (known !== undefined) return known
  }
  return undefined
}

/** From now on a reply to anything about the task in this chat does that as well. */
export async function ask(
  tx: Tx,
  { platform, chat_id }: Place,
  { board, task_id }: Subject,
  asks: Known['asks'],
): Promise<void> {
  await tx.run(sql`
    update messages set asks = ${asks} where platform = ${platform} and chat_id = ${chat_id}
      and board = ${board} and task_id = ${task_id}`)
}

export function forgetOldMessages(tx: Tx): Promise<number> {
  return tx.run(sql`delete from messages where sent_at < ${tx.now - remembered}`)
}
