/** Who is told what and when: over Telegram, on a local server. */

import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { block, unblock } from '../../src/board/block.ts'
import { openBoard } from '../../src/board/board.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { fail } from '../../src/board/fail.ts'
import { chooseBoard } from '../../src/board/places.ts'
import { reopen } from '../../src/board/reopen.ts'
import { subscribe } from '../../src/board/subscriptions.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { sql } from '../../src/store/sql.ts'
import { take } from '../board/support.ts'
import { startGateway } from './home.ts'
import { burst, chats, none, options, place, told } from './notified.ts'
import { startTelegram } from './platforms/telegram.ts'

async function newGateway() {
  const telegram = await startTelegram()
  const gateway = await startGateway(options(telegram))
  return { telegram, gateway }
}

test('a subscription ends when its task is done or put away, and not before', async () => {
  const { telegram, gateway } = await newGateway()
  const { write } = gateway.board.store
  const policy = { limit: 5, source: 'default', delay: 0 } as const
  const crash = { verb: 'crash', error: 'x', payload: {} } as const
  const id = await write(async (tx) => {
    const made = await told(tx, 'Long')
    await fail(tx, made, { ...crash, fence: await take(tx, made) }, policy)
    await fail(tx, made, { ...crash, fence: await take(tx, made) }, policy)
    await block(tx, made, { reason: 'Why?' })
    await unblock(tx, made)
    await complete(tx, made, { summary: 'once' })
    await reopen(tx, made)
    await comment(tx, made, 'ann', 'again, please')
    return made
  })
  await telegram.sent.count(4)
  expect(await gateway.json('notify-list')).toHaveLength(1)
  await write((tx) => complete(tx, id, { summary: 'twice' }))
  await gateway.until(() => none(gateway))
  expect(telegram.sent.all.map(({ text }) => text.replace(`@writer ${id} `, ''))).toEqual([
    '✖ crashed, will be tried again: Long',
    '✖ crashed, will be tried again: Long',
    '⏸ blocked: Why?',
    '✔ done: Long\nonce',
    '✔ done: Long\ntwice',
  ])
  const other = await write((tx) => told(tx, 'Away'))
  await write(async (tx) => {
    await complete(tx, other, {})
    await archive(tx, other)
  })
  const third = await write((tx) => told(tx, 'Away at once'))
  await write((tx) => archive(tx, third))
  await gateway.until(() => none(gateway))
  expect(telegram.sent.all.slice(5).map(({ text }) => text)).toEqual([
    `✔ @writer ${other} done: Away`,
  ])
})

test('an unknown platform is advanced past, and one that nobody here serves is left alone', async () => {
  const { gateway } = await newGateway()
  const { write } = gateway.board.store
  const id = await write(async (tx) => {
    const made = await told(tx, 'Elsewhere', { platform: 'pigeon' })
    await subscribe(tx, place(made, { platform: 'slack', chat_id: 'C1' }), null)
    await block(tx, made, { reason: 'Why?' })
    return made
  })
  await gateway.until(async () => {
    const [pigeon] = await gateway.json('notify-list')
    return pigeon.last_event_id === 2
  })
  const [, slack] = await gateway.json('notify-list')
  expect(slack).toMatchObject({ platform: 'slack', last_event_id: 1, send_failures: 0 })
  await write(async (tx) => {
    await unblock(tx, id)
    await complete(tx, id, {})
  })
  await gateway.until(async () => (await gateway.json('notify-list')).length === 1)
  expect(await gateway.json('notify-list')).toMatchObject([{ platform: 'slack', last_event_id: 1 }])
})

test('a board that is made while the gateway runs is told of too', async () => {
  const { telegram, gateway } = await newGateway()
  await gateway.run('boards', 'create', 'website')
  const website = await openBoard(await chooseBoard(gateway.environment, 'website'), systemClock)
  await website.store.write(async (tx) => complete(tx, await told(tx, 'Home page'), {}))
  const { message_id } = await telegram.sent.first(({ text }) => text.includes('Home page'))
  await website.store.write(async (tx) => {
    const id = await told(tx, 'Imprint', { chat_id: '1' })
    await block(tx, id, { reason: 'Whose?' })
  })
  const asked = await telegram.sent.first(({ text }) => text.includes('Whose?'))
  expect(message_id).not.toBe(asked.message_id)
  telegram.write({ id: 1, username: 'ann' }, 1, 'unblock: ours', {
    reply_to_message: { message_id: asked.message_id },
  })
  await telegram.sent.first(({ text }) => text.includes('Unblocked'))
  await website.store.close()
})

test('a burst of events is told once each, in order, to each of many subscriptions', async () => {
  const { telegram, gateway } = await newGateway()
  await burst(telegram, gateway, { subscriptions: 20, rounds: 2 })
})

test('two gateways on one board never send twice, and one goes on for the other', async () => {
  const { telegram, gateway } = await newGateway()
  const other = await startGateway({ ...options(telegram), beside: gateway })
  await other.when('telegram', ({ state }) => state === 'on')
  await gateway.when('telegram', ({ state }) => state === 'on')
  const { write } = gateway.board.store
  const ids: string[] = []
  for (let n = 0; n < 40; n += 1) {
    ids.push(
      await write((tx) => told(tx, `Task ${n}`, { chat_id: String(chats[n % chats.length]) })),
    )
  }
  for (const id of ids) await write((tx) => block(tx, id, { reason: 'Which?' }))
  await telegram.sent.count(40)
  await other.stop()
  const late = await write((tx) => told(tx, 'Late'))
  await write(async (tx) => {
    for (const id of [...ids, late]) await complete(tx, id, {}).catch(() => {})
  })
  await telegram.sent.first(({ text }) => text.includes('Late'))
  const texts = telegram.sent.all.map(({ text }) => text)
  expect(new Set(texts).size).toBe(texts.length)
})

test('what another gateway owns is left to it until its time is over', async () => {
  const { telegram, gateway } = await newGateway()
  const { write } = gateway.board.store
  const [theirs, ours] = await write(async (tx) => {
    const first = await told(tx, 'Theirs')
    await tx.run(sql`
      update kanban_notify_subs set owner = 'elsewhere+1', owner_until = ${tx.now + 60}`)
    return [first, await told(tx, 'Ours')] as const
  })
  await write((tx) => block(tx, theirs, {}))
  await write((tx) => block(tx, ours, {}))
  await telegram.sent.first(({ text }) => text.includes('Ours'))
  expect(telegram.sent.all).toHaveLength(1)
  await write((tx) => tx.run(sql`update kanban_notify_subs set owner_until = ${tx.now - 1}`))
  await write((tx) => unblock(tx, theirs))
  await gateway.stop()
  await startGateway({ ...options(telegram), beside: gateway })
  await telegram.sent.first(({ text }) => text.includes('Theirs'))
})
