/** Chats that are told about tasks, and what they have to hear. */

import { expect } from 'vitest'
import { block, unblock } from '../../src/board/block.ts'
import { complete } from '../../src/board/complete.ts'
import { type Place, subscribe } from '../../src/board/subscriptions.ts'
import type { Tx } from '../../src/store/store.ts'
import { make } from '../board/support.ts'
import type { Gateway, Options } from './home.ts'
import type { Telegram } from './platforms/telegram.ts'

export const chats = Array.from({ length: 20 }, (_, n) => -1000 - n)

export const config = `gateway:
  telegram:
    allowed_users: [1]
    allowed_chats: [${chats}]
`

export function options(telegram: Telegram): Options {
  return {
    names: ['telegram'],
    variables: { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_BASE_URL: telegram.url },
    config,
  }
}

export const place = (task_id: string, more: Partial<Place> = {}): Place => ({
  task_id,
  platform: 'telegram',
  chat_id: String(chats[0]),
  thread_id: '',
  ...more,
})

export async function told(tx: Tx, title: string, more: Partial<Place> = {}): Promise<string> {
  const id = await make(tx, { title, assignee: 'writer' })
  await subscribe(tx, place(id, more), null)
  return id
}

export const none = async ({ json }: Pick<Gateway, 'json'>) =>
  (await json('notify-list')).length === 0

/** A task each, which blocks and goes on in each round, and is done at last. */
export async function burst(
  telegram: Telegram,
  gateway: Gateway,
  { subscriptions, rounds }: { subscriptions: number; rounds: number },
): Promise<void> {
  const { write } = gateway.board.store
  const ids = await write(async (tx) => {
    const made: string[] = []
    for (let n = 0; n < subscriptions; n += 1) {
      made.push(await told(tx, `Task ${n}`, { chat_id: String(chats[n % chats.length]) }))
    }
    return made
  })
  for (let round = 0; round < rounds; round += 1) {
    await write(async (tx) => {
      for (const id of ids) {
        await block(tx, id, { reason: `question ${round}` })
        await unblock(tx, id)
      }
    })
  }
  await write(async (tx) => {
    for (const id of ids) await complete(tx, id, {})
  })
  await telegram.sent.count(subscriptions * (rounds + 1))
  await gateway.until(() => none(gateway))
  for (const [n, id] of ids.entries()) {
    const own = telegram.sent.all.filter(({ text }) => text.includes(id))
    expect(own.map(({ text }) => text.split(': ')[1])).toEqual([
      ...Array.from({ length: rounds }, (_, round) => `question ${round}`),
      `Task ${n}`,
    ])
  }
}
