/** What is known of a chat itself: the folder that is pinned there, whose private chat it is, where it has moved to. */

import { sql } from '../../store/sql.ts'
import type { Reader, Tx } from '../../store/store.ts'

interface Place {
  readonly platform: string
  readonly chat_id: string
}

interface Spot extends Place {
  readonly thread_id: string
}

/** The one of the thread, else the one of its chat. */
export async function pinned(
  reader: Reader,
  { platform, chat_id, thread_id }: Spot,
): Promise<string | undefined> {
  const pin = await reader.get<{ folder: string }>(sql`
    select folder from pins
    where platform = ${platform} and chat_id = ${chat_id} and thread_id in (${thread_id}, '')
    order by thread_id desc limit 1`)
  return pin?.folder
}

export async function pin(tx: Tx, spot: Spot, folder: string | undefined): Promise<void> {
  const { platform, chat_id, thread_id } = spot
  await tx.run(
    folder === undefined
      ? sql`delete from pins
          where platform = ${platform} and chat_id = ${chat_id} and thread_id = ${thread_id}`
      : sql`insert into pins (platform, chat_id, thread_id, folder)
          values (${platform}, ${chat_id}, ${thread_id}, ${folder})
          on conflict (platform, chat_id, thread_id) do update set folder = excluded.folder`,
  )
}

export async function notePrivate(
  tx: Tx,
  { platform, chat_id }: Place,
  user_id: string,
): Promise<void> {
  await tx.run(sql`
    insert into private_chats (platform, chat_id, user_id) values (${platform}, ${chat_id}, ${user_id})
    on conflict (platform, chat_id) do update set user_id = excluded.user_id`)
}

/** The user whose private chat it is known to be. */
export async function userOf(
  reader: Reader,
  { platform, chat_id }: Place,
): Promise<string | undefined> {
  const chat = await reader.get<{ user_id: string }>(sql`
    select user_id from private_chats where platform = ${platform} and chat_id = ${chat_id}`)
  return chat?.user_id
}

/** Its pins go with it; subscriptions keep the id that they were made with. */
export async function noteMove(tx: Tx, { platform, chat_id }: Place, to: string): Promise<void> {
  await tx.run(sql`
    insert into moved_chats (platform, chat_id, moved_to) values (${platform}, ${chat_id}, ${to})
    on conflict (platform, chat_id) do update set moved_to = excluded.moved_to`)
  await tx.run(sql`
    update pins set chat_id = ${to} where platform = ${platform} and chat_id = ${chat_id}`)
}

/** Where the chat is now; itself unless it has moved. */
export async function movedTo(reader: Reader, { platform, chat_id }: Place): Promise<string> {
  const move = await reader.get<{ moved_to: string }>(sql`
    select moved_to from moved_chats where platform = ${platform} and chat_id = ${chat_id}`)
  return move?.moved_to ?? chat_id
}

/** The ids that it had before. */
export async function formerIds(
  reader: Reader,
  { platform, chat_id }: Place,
): Promise<readonly string[]> {
  const moves = await reader.all<{ chat_id: string }>(sql`
    select chat_id from moved_chats where platform = ${platform} and moved_to = ${chat_id}`)
  return moves.map((move) => move.chat_id)
}
