import { expect, test } from 'vitest'
import { newHome } from './home.ts'

const there = ['--platform', 'Telegram', '--chat-id', '12345']

test('a chat is subscribed once, listed, and let go', async () => {
  const { run, create, json } = await newHome()
  const id = await create('x')
  const says = async (...argv: string[]) => (await run(...argv)).out
  expect(await says('notify-list')).toBe('Nobody is told about anything.')
  const told = `Subscribed ${id} to telegram 12345`
  expect(await says('notify-subscribe', id, ...there, '--user-id', 'ann')).toBe(told)
  expect(await says('notify-subscribe', id.slice(0, 6), ...there)).toBe(`${told}  (it was already)`)
  expect(await says('notify-subscribe', id, ...there, '--thread-id', '7')).toBe(`${told} 7`)
  expect(await says('notify-list', id)).toMatch(
    new RegExp(
      `^${id}  telegram 12345    ann  after event \\d+\n${id}  telegram 12345 7       after`,
    ),
  )
  expect(await json('notify-list')).toMatchObject([
    { task_id: id, platform: 'telegram', chat_id: '12345', thread_id: '', user_id: 'ann' },
    { task_id: id, thread_id: '7', user_id: null, send_failures: 0 },
  ])
  expect(await says('notify-unsubscribe', id, ...there)).toBe(
    `Unsubscribed ${id} from telegram 12345`,
  )
  expect(await run('notify-unsubscribe', id, ...there)).toEqual({
    code: 1,
    out: '',
    err: `telegram 12345 is not told about ${id}: \`notify-list ${id}\` names who is`,
  })
  expect(await json('notify-list')).toHaveLength(1)
})

test('a platform that only another program may know is taken, and said to be strange', async () => {
  const { run, create } = await newHome()
  const id = await create('x')
  const told = async (platform: string) =>
    run('notify-subscribe', id, '--platform', platform, '--chat-id', '1')
  expect(await told('Telegran')).toEqual({
    code: 0,
    out: `Subscribed ${id} to telegran 1`,
    err: 'hermes gateway tells nothing to telegran: did you mean telegram?',
  })
  expect((await told('whatsapp')).err).toContain('it knows telegram, discord, slack, webhook')
  expect((await told('webhook')).err).toBe('')
})

test('a worker subscribes nobody', async () => {
  const { runOn, create, json } = await newHome()
  const id = await create('x')
  const worker = { task: id, fence: { run: 1, lock: 'here:1:secret' }, tenant: null }
  const said = await runOn({ context: { worker } }, 'notify-subscribe', id, ...there)
  expect(said).toMatchObject({ code: 1, err: expect.stringContaining('is not for workers') })
  expect(await json('notify-list')).toEqual([])
})
