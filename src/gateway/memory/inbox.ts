import { sql } from '../../store/sql.ts'
import type { Reader, Tx } from '../../store/store.ts'
import { type Incoming, incoming } from '../chats/platform.ts'

/** How long the key of an event is known after it, in seconds: no platform delivers one again so late. */
const remembered = 7 * 86_400

export interface Kept {
  readonly event: Incoming
  /** Somebody had begun to see to it, and did not come to the end. */
  readonly begun: boolean
}

/** Returns false when it is there already, handled or not. */
export async function keep(tx: Tx, platform: string, event: Incoming): Promise<boolean> {
  const rows = await tx.run(sql`
    insert into inbox (platform, key, chat_id, state, body, received_at)
    values (${platform}, ${event.key}, ${event.chat_id}, 'new', ${JSON.stringify(event)}, ${tx.now})
    on conflict do nothing`)
  return rows > 0
}

/** What nobody has seen to, in the order in which it came. */
export async function waiting(reader: Reader, platform: string): Promise<Kept[]> {
  const rows = await reader.all<{ state: string; body: string }>(sql`
    select state, body from inbox where platform = ${platform} and state <> 'done' order by rowid`)
  return rows.flatMap(({ state, body }) => {
    // An earlier version may have written it otherwise.
    const { data: event } = incoming.safeParse(JSON.parse(body))
    return event === undefined ? [] : [{ event, begun: state === 'begun' }]
  })
}

/** Before anything is done: what is cut short after this is not done a second time. */
export async function begin(tx: Tx, platform: string, key: string): Promise<void> {
  await tx.run(sql`update inbox set state = 'begun' where platform = ${platform} and key = ${key}`)
}

/** Its words are forgotten, its key is not yet. */
export async function finish(tx: Tx, platform: string, key: string): Promise<void> {
  await tx.run(sql`
    update inbox set state = 'done', body = '' where platform = ${platform} and key = ${key}`)
}

export function forgetOldKeys(tx: Tx): Promise<number> {
  return tx.run(
    sql`delete from inbox where state = 'done' and received_at < ${tx.now - remembered}`,
  )
}
