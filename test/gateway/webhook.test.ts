/** Webhooks, and the words for every event. */

import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { block, unblock } from '../../src/board/block.ts'
import { complete } from '../../src/board/complete.ts'
import { breakProtocol, fail } from '../../src/board/fail.ts'
import { subscribe } from '../../src/board/subscriptions.ts'
import { signatureOf } from '../../src/gateway/notifier/webhook.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { make, take } from '../board/support.ts'
import { type Options, startGateway } from './home.ts'
import { type Receiver, startReceiver } from './platforms/receiver.ts'

const secret = 'a long secret'

async function newHook(more: Partial<Options> = {}, settings = '') {
  const receiver = await startReceiver()
  const gateway = await startGateway({
    names: [],
    variables: { HOOK_SECRET: secret },
    config: configOf(receiver, settings),
    ...more,
  })
  await gateway.when('notifier', ({ state }) => state === 'on')
  return { receiver, gateway }
}

function configOf({ url }: Receiver, settings = ''): string {
  return `gateway:\n  webhooks:\n    deploys:\n      url: ${url}/hook\n      secret_env: HOOK_SECRET\n${settings}`
}

async function told(tx: Tx, title = 'Ship it', name = 'deploys'): Promise<string> {
  const id = await make(tx, { title, assignee: 'writer' })
  await subscribe(tx, { task_id: id, platform: 'webhook', chat_id: name, thread_id: '' }, null)
  return id
}

test('every event has its words, and the next line what was left behind', async () => {
  const { receiver, gateway } = await newHook()
  const long = `${'long '.repeat(60)}end`
  const policy = { limit: 2, source: 'default', delay: 0 } as const
  const { id, other } = await gateway.board.store.write(async (tx) => {
    const id = await told(tx, `A title ${long}`)
    const crash = { verb: 'crash', error: `exit code 3:\n${long}`, payload: {} } as const
    await fail(tx, id, { ...crash, fence: await take(tx, id) }, policy)
    await fail(tx, id, { ...crash, fence: await take(tx, id) }, policy)
    await unblock(tx, id)
    const late = { pid: 1, elapsed_seconds: 1900, limit_seconds: 1800, sigkill: false }
    await fail(
      tx,
      id,
      { verb: 'time_out', error: 'late', payload: late, fence: await take(tx, id) },
      policy,
    )
    await block(tx, id, { fence: await take(tx, id), reason: `\n  Which one? \n${long}` })
    await complete(tx, id, { summary: `\nFirst ${long}\nsecond` })
    const other = await told(tx, 'Break it')
    const fence = await take(tx, other)
    await breakProtocol(tx, other, fence, { pid: 1, exitCode: 0, error: 'said nothing' })
    await unblock(tx, other)
    await block(tx, other, {})
    await complete(tx, other, { result: 'only\na result' })
    return { id, other }
  })
  await receiver.received.count(8)
  const texts = (task: string) =>
    receiver.received.all.filter(({ body }) => body.task.id === task).map(({ body }) => body.text)
  const title = `A title ${long}`.slice(0, 119)
  expect(texts(id)).toEqual([
    `✖ @writer ${id} crashed, will be tried again: ${title}…`,
    `✖ @writer ${id} gave up after 2 failures: ${title}…\n${`exit code 3: ${long}`.slice(0, 199)}…`,
    `⏱ @writer ${id} ran into its limit of 30 m, will be tried again: ${title}…`,
    `⏸ @writer ${id} blocked: Which one?\n${long.slice(0, 159)}…`,
    `✔ @writer ${id} done: ${title}…\n${`First ${long}`.slice(0, 199)}…`,
  ])
  expect(texts(other)).toEqual([
    `✖ @writer ${other} gave up after 1 failure: Break it\nsaid nothing`,
    `⏸ @writer ${other} blocked: Break it`,
    `✔ @writer ${other} done: Break it\nonly`,
  ])
})

test('a delivery is signed, whole, and known again by its name', async () => {
  const { receiver, gateway } = await newHook()
  const id = await gateway.board.store.write((tx) => told(tx))
  await gateway.run('complete', id, '--summary', 'all of it', '--result', '☃')
  const { headers, body, path } = await receiver.received.first(() => true)
  expect([path, headers['content-type']]).toEqual(['/hook', 'application/json'])
  expect(headers).toMatchObject({
    'x-hermes-event': 'completed',
    'x-hermes-delivery': `default:${body.event.id}`,
    'user-agent': expect.stringMatching(/^hermes-kanban\/\d/),
  })
  expect(body).toMatchObject({
    delivery: `default:${body.event.id}`,
    board: 'default',
    text: `✔ @writer ${id} done: Ship it\nall of it`,
    event: { kind: 'completed', task_id: id, payload: { summary: 'all of it' } },
    task: { id, title: 'Ship it', status: 'done', assignee: 'writer', result: '☃' },
    run: { summary: 'all of it', outcome: 'completed' },
  })
  await gateway.until(async () => (await gateway.json('notify-list')).length === 0)
})

/** The code in that language that docs/gateway.md gives to whoever writes a receiver. */
function documented(language: string): string {
  const text = readFileSync(resolve('docs/gateway.md'), 'utf8')
  const [, code] = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text) ?? []
  if (code === undefined) throw new Error(`no ${language} in docs/gateway.md`)
  return code
}

async function oneDelivery() {
  const { receiver, gateway } = await newHook()
  const id = await gateway.board.store.write((tx) => told(tx, '☃ é'))
  await gateway.run('complete', id)
  const { text, headers } = await receiver.received.first(() => true)
  return { text, signature: String(headers['x-hermes-signature']) }
}

test('the documented check knows a delivery from a forged, an old and a changed one', async () => {
  const { text, signature } = await oneDelivery()
  const source = `data:text/javascript,${encodeURIComponent(documented('js'))}`
  const { isFromKanban } = await import(/* @vite-ignore */ source)
  expect(isFromKanban(text, signature, secret)).toBe(true)
  expect(isFromKanban(text.replace('☃', 'x'), signature, secret)).toBe(false)
  expect(isFromKanban(text, signature, 'another secret')).toBe(false)
  expect(isFromKanban(text, signatureOf(text, secret, systemClock() - 600), secret)).toBe(false)
  expect(isFromKanban(text, signatureOf(text, secret, systemClock()), secret)).toBe(true)
  for (const odd of ['', 'v1=', 'x', signature.slice(0, -2)])
    expect(isFromKanban(text, odd, secret)).toBe(false)
})

test.skipIf(spawnSync('python3', ['--version']).status !== 0)(
  'the documented check in Python knows it too',
  async () => {
    const { text, signature } = await oneDelivery()
    const program = `${documented('python')}
import sys
body = sys.stdin.buffer.read()
print(is_from_kanban(body, sys.argv[1], sys.argv[2]), is_from_kanban(body + b" ", sys.argv[1], sys.argv[2]))`
    const said = execFileSync('python3', ['-c', program, signature, secret], { input: text })
    expect(String(said)).toBe('True False\n')
  },
)

test('a receiver that stumbles is asked again, with the same name; one that refuses is dropped', async () => {
  const { receiver, gateway } = await newHook({ notifier: { tries: [20, 20] } })
  const id = await gateway.board.store.write((tx) => told(tx))
  const answers = [{ status: 503 }, { status: 500 }, { status: 429 }, { status: 502 }]
  receiver.odd = () => answers.shift()
  await gateway.run('block', id, 'Which?')
  await receiver.received.count(5)
  const names = receiver.received.all.map(({ headers }) => headers['x-hermes-delivery'])
  expect(new Set(names).size).toBe(1)
  await gateway.until(async () => {
    const [{ send_failures, last_event_id }] = await gateway.json('notify-list')
    return send_failures === 0 && names[0] === `default:${last_event_id}`
  })
  const elsewhere = await startReceiver()
  receiver.odd = () => ({ status: 307, location: elsewhere.url })
  await gateway.run('unblock', id)
  await gateway.run('block', id, 'And now?')
  const { warning } = await gateway.when('notifier', (part) => part.warning !== null)
  expect(warning).toBe(`webhook deploys is told no more about ${id}: the receiver answers 307`)
  expect(receiver.received.all).toHaveLength(8)
  expect(elsewhere.received.all).toEqual([])
  expect(await gateway.json('notify-list')).toEqual([])
})

test('a receiver that is away or silent is waited for, and said to be', async () => {
  const { receiver, gateway } = await newHook({ notifier: { patience: 200, waits: [50] } })
  const id = await gateway.board.store.write((tx) => told(tx))
  receiver.odd = () => 'hang'
  await gateway.run('block', id, 'Here?')
  await gateway.when('notifier', ({ warning }) => warning?.includes('no answer in time') ?? false)
  await receiver.down()
  const { warning } = await gateway.when(
    'notifier',
    (part) => part.warning?.includes('ECONN') ?? false,
  )
  expect(warning).toMatch(/^webhook deploys waits: the receiver cannot be reached \(ECONN/)
  receiver.odd = () => undefined
  await receiver.up()
  await gateway.when('notifier', (part) => part.warning === null)
  expect(await gateway.json('notify-list')).toMatchObject([{ send_failures: 0 }])
})

test('after a day without a receiver a subscription ends', async () => {
  const { receiver, gateway } = await newHook()
  receiver.odd = () => ({ status: 503 })
  const { write } = gateway.board.store
  const id = await write(async (tx) => {
    const made = await told(tx)
    await block(tx, made, { reason: 'Still?' })
    await tx.run(sql`update task_events set created_at = created_at - 90000`)
    return made
  })
  const { warning } = await gateway.when('notifier', (part) => part.warning !== null)
  expect(warning).toBe(`webhook deploys is told no more about ${id}: the receiver answers 503`)
})

test('only the events that are asked for are sent', async () => {
  const { receiver, gateway } = await newHook({}, '      kinds: [completed]\n')
  const id = await gateway.board.store.write((tx) => told(tx))
  await gateway.run('block', id, 'Not this one')
  await gateway.run('complete', id)
  await gateway.until(async () => (await gateway.json('notify-list')).length === 0)
  expect(receiver.received.all.map(({ body }) => body.event.kind)).toEqual(['completed'])
})

test('only what the configuration names is told, and nothing without its secret', async () => {
  const { receiver, gateway } = await newHook({ variables: {} })
  const id = await gateway.board.store.write((tx) => told(tx))
  const evil = await gateway.board.store.write((tx) => told(tx, 'Evil', `${receiver.url}/evil`))
  await gateway.run('block', id)
  await gateway.run('block', evil)
  const { warning } = await gateway.when(
    'notifier',
    (part) => part.warning?.split('; ').length === 2,
  )
  expect(warning).toContain('webhook deploys waits: HOOK_SECRET is not set')
  expect(warning).toContain(
    `webhook ${receiver.url}/evil is not in gateway.webhooks of config.yaml`,
  )
  expect(receiver.received.all).toEqual([])
  expect(await gateway.json('notify-list')).toHaveLength(2)
})

test('a webhook that is no good is said with its key and what it takes', async () => {
  const gateway = await startGateway({
    names: [],
    variables: {},
    config: 'gateway:\n  webhooks:\n    Deploys: {url: "ftp://x", secret: no}\n',
  })
  const { says } = await gateway.when('notifier', ({ state }) => state === 'failed')
  expect(says).toContain('gateway.webhooks.Deploys must be a name of up to 64')
})
