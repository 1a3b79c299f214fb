/** Discord, spoken to by the real library, from a local server. */

import { expect, test } from 'vitest'
import { type Gateway, type Options, startGateway } from './home.ts'
import {
  channel,
  type Discord,
  type Person,
  type Posted,
  privateChannel,
  replyTo,
  startDiscord,
  thread,
} from './platforms/discord.ts'

const ann: Person = { id: '700000000000000001', username: 'ann' }
const bob: Person = { id: '700000000000000002', username: 'bob' }

const lists = `gateway:
  discord:
    allowed_users: [${ann.id}]
    allowed_chats: [${channel}]
`

function variablesOf(discord: Discord) {
  return { DISCORD_BOT_TOKEN: discord.token, DISCORD_API_BASE_URL: discord.url }
}

async function newChat(more: Partial<Options> = {}, before: (discord: Discord) => void = () => {}) {
  const discord = await startDiscord()
  before(discord)
  const gateway = await startGateway({
    names: ['discord'],
    variables: variablesOf(discord),
    config: lists,
    profiles: ['writer'],
    ...more,
  })
  await gateway.when('discord', ({ state }) => state !== 'starting')
  return {
    discord,
    gateway,
    said: (words: string): Promise<Posted> =>
      discord.sent.first(({ content }) => content.replaceAll('\\', '').includes(words)),
  }
}

async function subscribed({ run, json }: Gateway, title: string): Promise<string> {
  await run('create', title, '--assignee', 'writer')
  const task = (await json('list')).find((one: { title: string }) => one.title === title)
  await run('notify-subscribe', task.id, '--platform', 'discord', '--chat-id', channel)
  return task.id
}

/** What a client shows of it. */
const shown = ({ content }: Posted): string => content.replaceAll('\\', '')

const buttonsOf = ({ body }: Posted) => body.components?.[0]?.components ?? []

test('a task is created, blocks, is answered, and goes on', async () => {
  const { discord, gateway, said } = await newChat()
  expect(gateway.status('discord')).toEqual({ state: 'on', says: 'as @kanban', warning: null })
  const asked = discord.slash(ann, channel, 'create "Compare the three" --assignee writer')
  const created = await said('Created')
  expect(created).toMatchObject({ method: 'PATCH', channel: `@tok${asked}` })
  const [{ id }] = await gateway.json('list')
  discord.slash(ann, channel, `show ${id}`)
  expect((await said('by ann@discord')).content).toMatch(/^```\nt_\w+ {2}Compare the three\n/)
  discord.slash(ann, channel)
  await said('/kanban <command>: the board')
  await gateway.run('block', id, 'Which three?')
  const blocked = await said('blocked')
  expect(blocked.channel).toBe(channel)
  expect(shown(blocked)).toBe(`⏸ @writer ${id} blocked: Which three?`)
  discord.say(ann, channel, 'The red ones', replyTo(blocked))
  await said(`Commented on ${id}. It stays blocked`)
  discord.say(ann, channel, 'unblock', replyTo(blocked))
  await said(`Unblocked ${id}  (ready)`)
  await gateway.run('complete', id, '--summary', 'see https://example.org/a_b_c*d')
  expect((await said('done:')).content).toContain('\nsee https://example.org/a_b_c*d')
  const { comments } = await gateway.json('show', id)
  expect(comments.at(-1)).toMatchObject({ author: 'ann@discord', body: 'The red ones' })
  await gateway.until(async () => (await gateway.json('notify-list')).length === 0)
})

test('the buttons let it go on, ask for a comment first, or show it', async () => {
  const { discord, gateway, said } = await newChat()
  const id = await subscribed(gateway, 'Count')
  await gateway.run('block', id, 'Which?')
  const blocked = await said('Which?')
  expect(buttonsOf(blocked).map(({ custom_id }: { custom_id: string }) => custom_id)).toEqual([
    'unblock',
    'ask',
    'open',
  ])
  discord.press(ann, blocked, 'open')
  await said('Count')
  discord.press(ann, blocked, 'ask')
  const prompt = await said('becomes a comment')
  discord.say(ann, channel, 'The second', replyTo(prompt))
  await said(`Unblocked ${id}`)
  await gateway.run('block', id, 'And now?')
  discord.press(ann, await said('And now?'), 'unblock')
  const edited = await said(`▶ ${id} unblocked by ann@discord`)
  expect([edited.method, edited.body.components]).toEqual(['PATCH', []])
  expect((await gateway.json('show', id)).comments.at(-2).body).toBe('The second')
})

test('a message for a profile is a task, in a thread and in a private chat too', async () => {
  const { discord, gateway, said } = await newChat()
  discord.say(ann, thread, '@writer tell a story')
  expect((await said('Created')).channel).toBe(thread)
  discord.say(ann, privateChannel, '@writer tell another')
  await discord.sent.first((one) => one.channel === privateChannel)
  expect(await gateway.json('notify-list')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ chat_id: channel, thread_id: thread }),
      expect.objectContaining({ chat_id: privateChannel, thread_id: '' }),
    ]),
  )
  for (const { id } of await gateway.json('list')) await gateway.run('complete', id)
  const done = (posted: Posted): boolean => shown(posted).includes('done:')
  await discord.sent.first((one) => done(one) && one.channel === thread)
  await discord.sent.first((one) => done(one) && one.channel === privateChannel)
})

test('no text formats, calls or shows anything', async () => {
  const { discord, gateway, said } = await newChat()
  const title = '@everyone <@1> **b** _i_ `c` ||s|| [l](x) # h :smile: ~~d~~ \u202Ertl'
  const id = await subscribed(gateway, title)
  await gateway.run('complete', id, '--summary', '> quoted')
  const posted = await said('done:')
  expect(posted.body).toMatchObject({ allowed_mentions: { parse: [] }, flags: 4 })
  expect(shown(posted)).toBe(
    `✔ @writer ${id} done: ${title.replace('\u202E', '<U+202E>')}\n> quoted`,
  )
  expect(posted.content.replace(/\\./g, '')).not.toMatch(/[*_~`|<>[\]()#@]/)
  discord.slash(ann, channel, 'create "a ``` b" --tenant x')
  discord.slash(ann, channel, 'show t_ --json')
  discord.slash(ann, channel, 'list')
  expect((await said('b\n')).content.match(/```/g)).toHaveLength(2)
})

test('output that is too long is cut with a hint', async () => {
  const { discord, gateway, said } = await newChat()
  for (let n = 0; n < 40; n += 1) await gateway.run('create', `${n} ${'long '.repeat(20)}`)
  discord.slash(ann, channel, 'list')
  const { content } = await said('… cut:')
  expect(content.length).toBeLessThanOrEqual(2000)
  expect(content).toMatch(/use a terminal\.\n```$/)
})

test('strangers and other bots get nothing, not even a sign that something was seen', async () => {
  const { discord, gateway, said } = await newChat()
  const asked = discord.slash(bob, channel, 'list')
  discord.say(bob, channel, '@writer do it')
  discord.say({ ...ann, bot: true } as Person, channel, '@writer do it')
  const { warning } = await gateway.when('discord', (part) => part.warning !== null)
  expect(warning).toBe(
    `${bob.id} (bob) in chat ${channel} was not answered: to change that, add "${bob.id}" to gateway.discord.allowed_users in config.yaml`,
  )
  discord.slash(ann, channel, 'list')
  await said('No tasks.')
  expect(discord.sent.all).toHaveLength(1)
  expect(discord.calls.all.join()).not.toContain(`/interactions/${asked}`)
})

test('whatever Discord can send is answered or of no interest', async () => {
  const { discord, gateway, said } = await newChat()
  discord.say(ann, channel, '@writer joined', { type: 7 })
  discord.say(ann, channel, '@writer pinned', { type: 6 })
  discord.say(ann, channel, '@writer by a webhook', {
    webhook_id: '1',
    author: { ...ann, bot: true },
  })
  discord.say(ann, channel, '', { sticker_items: [{ id: '1', name: 'x', format_type: 1 }] })
  discord.say(ann, channel, '@everyone hello', { mention_everyone: true })
  discord.say(ann, '999000000000000001', '@writer from nowhere')
  discord.press(ann, { method: '', channel, content: '', id: '1', body: {} }, 'unblock')
  await said('too old for its buttons')
  discord.say(ann, channel, '@writer \u0000 \uD800 ‮rtl 👨‍👩‍👧 ```\n> q')
  await said('Created')
  expect(await gateway.json('list')).toMatchObject([{ body: '\uFFFD ‮rtl 👨‍👩‍👧 ```\n> q' }])
  expect(gateway.status('discord').state).toBe('on')
})

test('a bot that may not see contents goes on without them, and says what that means', async () => {
  const contents = 1 << 15
  const { discord, gateway, said } = await newChat({}, (one) => {
    one.refuses = (intents) => ((intents & contents) === 0 ? undefined : 4014)
  })
  const { state, warning } = gateway.status('discord')
  expect([state, warning]).toEqual([
    'on',
    expect.stringContaining('the Message Content Intent is off in the Developer Portal'),
  ])
  const id = await subscribed(gateway, 'Blind')
  await gateway.run('block', id, 'Which?')
  const blocked = await said('Which?')
  discord.say(ann, channel, 'unblock', replyTo(blocked))
  await said(`Unblocked ${id}`)
  discord.say(ann, channel, '@writer unseen')
  discord.say(ann, channel, '<@800000000000000001> @writer seen')
  await said('Created')
  const titles = (await gateway.json('list')).map(({ title }: { title: string }) => title)
  expect(titles.sort()).toEqual(['Blind', 'seen'])
})

test('4014 after that, at the start and in the middle, is said and tried again', async () => {
  const { discord, gateway } = await newChat({}, (one) => {
    one.refuses = () => 4014
  })
  expect(gateway.status('discord')).toMatchObject({
    state: 'failed',
    says: expect.stringContaining('does not allow this bot what it asks for'),
  })
  discord.refuses = () => undefined
  await gateway.when('discord', ({ state }) => state === 'on')
  discord.refuses = () => 4014
  discord.identified.all.at(-1)?.socket.close(4014)
  await gateway.when('discord', ({ state }) => state === 'failed')
  discord.refuses = () => undefined
  await gateway.when('discord', ({ state }) => state === 'on')
})

test('a token that is not known is said', async () => {
  const discord = await startDiscord()
  const gateway = await startGateway({
    names: ['discord'],
    variables: { ...variablesOf(discord), DISCORD_BOT_TOKEN: 'wrong' },
    config: lists,
  })
  const { says } = await gateway.when('discord', ({ state }) => state === 'failed')
  expect(says).toContain('DISCORD_BOT_TOKEN')
})

test('a session that is interrupted is resumed, and one that is not is begun again', async () => {
  const { discord, gateway, said } = await newChat()
  const [first] = await discord.identified.count(1)
  first?.socket.terminate()
  const [, second] = await discord.identified.count(2)
  expect(second?.resumed).toBe(true)
  await gateway.when('discord', ({ state }) => state === 'on')
  second?.socket.send(JSON.stringify({ op: 9, d: false }))
  const [, , third] = await discord.identified.count(3)
  expect(third?.resumed).toBe(false)
  await gateway.when('discord', ({ state }) => state === 'on')
  discord.slash(ann, channel, 'list')
  await said('No tasks.')
})

test('while Discord is away nothing is sent or counted, and afterwards nothing is missing', async () => {
  const { discord, gateway, said } = await newChat({ chat: { patience: 1 } })
  const id = await subscribed(gateway, 'Away')
  await discord.down()
  await gateway.when('discord', ({ says }) => /cannot be reached|in time/.test(says))
  await gateway.run('block', id, 'Hello?')
  await discord.up()
  await said('Hello?')
  expect(await gateway.json('notify-list')).toMatchObject([{ send_failures: 0 }])
})

test('a socket that never opens is given up, and the process lives on', async () => {
  const { discord, gateway, said } = await newChat({ chat: { patience: 1 } })
  discord.hangs = true
  discord.identified.all.at(-1)?.socket.terminate()
  await gateway.when('discord', ({ says }) => says.includes('in time'))
  discord.hangs = false
  await gateway.when('discord', ({ state }) => state === 'on')
  discord.slash(ann, channel, 'list')
  await said('No tasks.')
  discord.hangs = true
  discord.identified.all.at(-1)?.socket.terminate()
  await gateway.when('discord', ({ state }) => state === 'failed')
  await gateway.stop()
  await discord.down()
})

test('no send is held by the library: the notifier waits, and can be stopped meanwhile', async () => {
  const { discord, gateway, said } = await newChat()
  const id = await subscribed(gateway, 'Wait')
  const limited = (seconds: number) => ({
    status: 429,
    body: { message: 'You are being rate limited.', retry_after: seconds, global: false },
    headers: { 'retry-after': String(seconds) },
  })
  const odds: object[] = [
    { status: 502 },
    limited(1.2),
    { status: 403, body: { code: 50001, message: 'Missing Access' } },
  ]
  const path = `POST /channels/${channel}/messages`
  discord.odd = (call) => (call === path ? (odds.shift() as ReturnType<typeof limited>) : undefined)
  await gateway.run('block', id, 'Here?')
  await gateway.logged.first((line) => line.includes('waits: Discord answers 502'))
  await gateway.logged.first((line) => line.includes('waits: Discord takes no more messages'))
  await gateway.until(async () => (await gateway.json('notify-list'))[0].send_failures === 1)
  await said('Here?')
  await gateway.until(async () => (await gateway.json('notify-list'))[0].send_failures === 0)
  odds.push(limited(1800))
  await gateway.run('unblock', id)
  await gateway.run('block', id, 'And now?')
  await gateway.logged.first(() => odds.length === 0)
  await gateway.stop()
})

test('a channel that is gone is told three times in vain and then no more', async () => {
  const { discord, gateway } = await newChat()
  const id = await subscribed(gateway, 'Gone')
  discord.odd = (call) =>
    call.startsWith('POST /channels')
      ? { status: 404, body: { code: 10003, message: 'Unknown Channel' } }
      : undefined
  await gateway.run('block', id)
  const { warning } = await gateway.when('notifier', (part) => part.warning !== null)
  expect(warning).toBe(
    `discord ${channel} is told no more about ${id}: Discord answers 404: Unknown Channel`,
  )
  expect(await gateway.json('notify-list')).toEqual([])
})

test('an answer whose command Discord has forgotten is posted to the channel', async () => {
  const { discord, said } = await newChat()
  discord.odd = (call) =>
    call.startsWith('PATCH /webhooks')
      ? { status: 404, body: { code: 10015, message: 'Unknown Webhook' } }
      : undefined
  discord.slash(ann, channel, 'list')
  expect((await said('No tasks.')).channel).toBe(channel)
})

test('the command is registered once, with one text', async () => {
  const { discord, gateway } = await newChat()
  expect(discord.commands()).toMatchObject([
    { name: 'kanban', options: [{ name: 'text', type: 3 }] },
  ])
  await gateway.stop()
  const again = await startGateway({
    names: ['discord'],
    variables: variablesOf(discord),
    config: lists,
  })
  await again.when('discord', ({ state }) => state === 'on')
  expect(discord.commands()).toHaveLength(1)
})
