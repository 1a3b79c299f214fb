/** Telegram, spoken to by the real library, from a local server. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { begin, keep } from '../../src/gateway/memory/inbox.ts'
import { openMemory } from '../../src/gateway/memory/open.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { newRoot } from '../operations/home.ts'
import { type Gateway, type Options, startGateway } from './home.ts'
import { type Person, type Sent, startTelegram, type Telegram } from './platforms/telegram.ts'

const ann: Person = { id: 4711, username: 'ann' }
const bob: Person = { id: 4712, username: 'bob' }
const group = -100500

const lists = `gateway:
  telegram:
    allowed_users: [${ann.id}]
    allowed_chats: [${group}]
`

function variablesOf(telegram: Telegram) {
  return { TELEGRAM_BOT_TOKEN: telegram.token, TELEGRAM_API_BASE_URL: telegram.url }
}

async function newChat(more: Partial<Options> = {}) {
  const telegram = await startTelegram()
  const gateway = await startGateway({
    names: ['telegram'],
    variables: variablesOf(telegram),
    config: lists,
    profiles: ['writer'],
    ...more,
  })
  return {
    telegram,
    gateway,
    /** Resolves with the first message with these words in it. */
    said: (words: string): Promise<Sent> => telegram.sent.first(({ text }) => text.includes(words)),
  }
}

/** A task of which the group is told. */
async function subscribed({ run, json }: Gateway, title: string, chat = group): Promise<string> {
  await run('create', title, '--assignee', 'writer')
  const task = (await json('list')).find((one: { title: string }) => one.title === title)
  await run('notify-subscribe', task.id, '--platform', 'telegram', '--chat-id', String(chat))
  return task.id
}

const buttonsOf = ({ body }: Sent) => body.reply_markup?.inline_keyboard?.flat() ?? []

test('a person with a phone creates a task, is told when it blocks, answers, and it goes on', async () => {
  const { telegram, gateway, said } = await newChat()
  telegram.write(ann, ann.id, '/kanban create "Compare the three" --assignee writer')
  const created = await said('Created')
  expect(created.text).toContain('What becomes of it is told here')
  const [{ id }] = await gateway.json('list')
  telegram.write(ann, ann.id, '/kanban list')
  await telegram.sent.first(({ text }) => text.startsWith(`${id}  ready`))
  telegram.write(ann, ann.id, `/kanban@kanban_bot show ${id.slice(0, 6)}`)
  expect((await said('by ann@telegram')).body.entities).toMatchObject([{ type: 'pre', offset: 0 }])
  await gateway.run('block', id, 'Which', 'three?')
  const blocked = await said('blocked:')
  expect(blocked.text).toBe(`⏸ @writer ${id} blocked: Which three?`)
  const reply = { reply_to_message: { message_id: blocked.message_id } }
  telegram.write(ann, ann.id, 'The red ones', reply)
  expect((await said('Commented')).text).toBe(
    `Commented on ${id}. It stays blocked: reply “unblock” to let it go on`,
  )
  telegram.write(ann, ann.id, 'Unblock', reply)
  await said(`Unblocked ${id}  (ready)`)
  await gateway.run('complete', id, '--summary', 'They are alike\nin all')
  expect((await said('done:')).text).toBe(`✔ @writer ${id} done: Compare the three\nThey are alike`)
  const { comments, task } = await gateway.json('show', id)
  expect(task).toMatchObject({ status: 'done', created_by: 'ann@telegram' })
  expect(comments.at(-1)).toMatchObject({ author: 'ann@telegram', body: 'The red ones' })
  await gateway.until(async () => (await gateway.json('notify-list')).length === 0)
})

test('the buttons of a blocked task let it go on, ask for a comment first, or show it', async () => {
  const { telegram, gateway, said } = await newChat()
  const id = await subscribed(gateway, 'Count the stars')
  await gateway.run('block', id, 'Which sky?')
  const first = await said('Which sky?')
  expect(buttonsOf(first).map(({ text }: { text: string }) => text)).toEqual([
    'Unblock',
    'Comment and unblock',
    'Open',
  ])
  telegram.press(ann, first, 'open')
  await said('Count the stars')
  telegram.press(ann, first, 'unblock')
  const edited = await telegram.sent.first(({ method }) => method === 'editMessageText')
  expect(edited.text).toBe(`${first.text}\n▶ ${id} unblocked by ann@telegram`)
  expect(buttonsOf(edited)).toEqual([])
  await gateway.run('block', id, 'Which year?')
  telegram.press(ann, await said('Which year?'), 'ask')
  const asked = await said('becomes a comment')
  expect(asked.body.reply_markup).toEqual({ force_reply: true, selective: true })
  telegram.write(ann, group, 'This one', { reply_to_message: { message_id: asked.message_id } })
  await said(`Unblocked ${id}`)
  const { comments, task } = await gateway.json('show', id)
  expect([task.status, comments.at(-1).body]).toEqual(['ready', 'This one'])
  await telegram.calls.first((method) => method === 'answerCallbackQuery')
  telegram.press(ann, first, 'unblock')
  await said(`${id} cannot be unblocked: it is ready`)
})

test('Open leads to the dashboard, and shows the task where the platform will not take its address', async () => {
  const { telegram, gateway, said } = await newChat({
    config: `${lists}  dashboard_url: http://box:9119/\n`,
  })
  const id = await subscribed(gateway, 'Count')
  await gateway.run('block', id, 'Which sky?')
  expect(buttonsOf(await said('Which sky?')).at(-1)).toEqual({
    text: 'Open',
    url: `http://box:9119/?board=default&task=${id}`,
  })
  const description = 'Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL'
  telegram.odd = (_, body) =>
    JSON.stringify(body).includes('"url"') ? { error: { error_code: 400, description } } : undefined
  await gateway.run('unblock', id)
  await gateway.run('block', id, 'Which year?')
  const shown = await said('Which year?')
  expect(buttonsOf(shown).at(-1)).toEqual({ text: 'Open', callback_data: 'open' })
  telegram.press(ann, shown, 'open')
  await said('Count')
  expect(await gateway.json('notify-list')).toMatchObject([{ send_failures: 0 }])
})

test('a message that begins with the name of a profile is a task for it', async () => {
  const { telegram, gateway, said } = await newChat()
  telegram.write(ann, group, '@Writer: tell the story\nof the two brothers')
  telegram.write(ann, group, '@nobody tell it')
  telegram.write(ann, group, 'hello everybody')
  telegram.write(ann, ann.id, 'hello')
  await said('begin with @<profile>')
  const chats = (await telegram.sent.count(2)).map(({ chat_id }) => chat_id)
  expect(chats.sort()).toEqual([`${group}`, `${ann.id}`])
  const [task, ...more] = await gateway.json('list')
  expect(more).toEqual([])
  expect(task).toMatchObject({
    title: 'tell the story',
    body: 'tell the story\nof the two brothers',
    assignee: 'writer',
    created_by: 'ann@telegram',
  })
  expect(await gateway.json('notify-list')).toMatchObject([
    { platform: 'telegram', chat_id: String(group), user_id: 'ann@telegram' },
  ])
})

test('strangers get nothing, and whoever operates the gateway is told how to answer them', async () => {
  const { telegram, gateway, said } = await newChat()
  telegram.write(bob, bob.id, '/kanban list')
  telegram.write(bob, group, '/kanban create "mine"')
  telegram.write(ann, -7, '/kanban list')
  telegram.write(bob, group, 'just talking')
  await gateway.when('telegram', ({ warning }) => warning?.includes('-7') ?? false)
  expect(gateway.status('telegram')).toEqual({
    state: 'on',
    says: 'as @kanban_bot',
    warning:
      '4711 (ann) in chat -7 was not answered: to change that, add "-7" to gateway.telegram.allowed_chats in config.yaml',
  })
  await gateway.logged.first((line) =>
    line.includes(
      '4712 (bob) in chat 4712 was not answered: to change that, add "4712" to gateway',
    ),
  )
  telegram.write(ann, group, '/kanban list')
  await said('No tasks.')
  expect(telegram.sent.all).toHaveLength(1)
  gateway.configure(lists.replace('[4711]', '[4711, 4712]'))
  telegram.write(bob, group, '/kanban list')
  await telegram.sent.count(2)
  telegram.write(ann, ann.id, '/kanban list')
  await telegram.sent.count(3)
  gateway.configure(lists.replace('[4711]', '[4711, 4712]').replace('-100500', '-100500, -7'))
  telegram.write(ann, -7, '/kanban list')
  telegram.write(bob, bob.id, '/kanban list')
  await gateway.when('telegram', (part) => part.warning === null)
})

test('an empty list answers nobody and says so', async () => {
  const { telegram, gateway } = await newChat({ config: '' })
  const { warning } = await gateway.when('telegram', ({ state }) => state === 'on')
  expect(warning).toMatch(/^nobody is answered: gateway\.telegram\.allowed_users .* is empty/)
  telegram.write(ann, ann.id, '/kanban list')
  await gateway.when('telegram', (part) => part.warning?.includes('"4711"') ?? false)
  expect(telegram.sent.all).toEqual([])
  gateway.configure(lists)
  await gateway.when('telegram', (part) => part.warning === null)
})

test('a topic of a group is a place of its own', async () => {
  const { telegram, gateway, said } = await newChat()
  const topic = { message_thread_id: 77, is_topic_message: true }
  telegram.write(ann, group, '/kanban create here', topic)
  expect((await said('Created')).body.message_thread_id).toBe(77)
  const [{ id }] = await gateway.json('list')
  await gateway.run('complete', id)
  expect((await said('done: here')).body.message_thread_id).toBe(77)
  telegram.write(ann, group, '/kanban list', { message_thread_id: 78 })
  expect((await said(`${id}  done`)).body.message_thread_id).toBeUndefined()
})

test('a folder is pinned to a chat, and kept', async () => {
  const { telegram, gateway, said } = await newChat()
  const folder = join(gateway.root, 'project')
  mkdirSync(folder)
  telegram.write(ann, group, `/kanban here ${folder}`)
  await said('Tasks from here are worked on in')
  await gateway.stop()
  const again = await startGateway({
    names: ['telegram'],
    variables: variablesOf(telegram),
    config: lists,
    root: gateway.root,
  })
  telegram.write(ann, group, '/kanban create one')
  await said('Created')
  telegram.write(ann, ann.id, '/kanban create two')
  await telegram.sent.count(3)
  const tasks = await again.json('list')
  const folders = Object.fromEntries(
    tasks.map((task: { title: string; workspace_path: string }) => [
      task.title,
      task.workspace_path,
    ]),
  )
  expect(folders).toEqual({ one: folder, two: null })
})

test('output that is too long for the platform is cut with a hint', async () => {
  const { telegram, gateway } = await newChat()
  for (let n = 0; n < 60; n += 1) await gateway.run('create', `${n} ${'long '.repeat(30)}`)
  telegram.write(ann, ann.id, '/kanban list')
  const [{ text, body }] = (await telegram.sent.count(1)) as [Sent]
  expect(text.length).toBeLessThanOrEqual(4096)
  expect(text).toMatch(
    /\n… cut: \d+ characters are too many here\. Ask for less, or use a terminal\.$/,
  )
  expect(text).not.toMatch(/^t_\w+ [^\n]*lo\n…/m)
  expect(body.entities).toEqual([{ type: 'pre', offset: 0, length: text.length }])
})

test('no text formats, calls or links anybody', async () => {
  const { gateway, said } = await newChat()
  const title = '*b* _i_ `c` <b>x</b> [l](http://x) @durov #tag \u202Ertl \u001B[31m 👨‍👩‍👧 end'
  const id = await subscribed(gateway, title)
  await gateway.run('complete', id, '--summary', 'ping @ann and @all')
  const { text, body } = await said('done:')
  expect(text).toContain('*b* _i_ `c` <b>x</b> [l](http://x) @durov #tag <U+202E>rtl')
  expect(text).not.toContain('\u001B')
  expect(body.parse_mode).toBeUndefined()
  expect(body.link_preview_options).toEqual({ is_disabled: true })
  const marked = body.entities.map(
    ({ type, offset, length }: { type: string; offset: number; length: number }) => [
      type,
      text.slice(offset, offset + length),
    ],
  )
  expect(marked).toEqual([
    ['code', '@writer'],
    ['code', '@durov'],
    ['code', '@ann'],
    ['code', '@all'],
  ])
})

test('what phones make of quotes and hyphens is understood', async () => {
  const { telegram, gateway, said } = await newChat()
  telegram.write(ann, ann.id, '/kanban create “Tell it” —assignee writer')
  await said('Created')
  expect(await gateway.json('list')).toMatchObject([{ title: 'Tell it', assignee: 'writer' }])
})

test('whatever a chat can contain is answered, kept as it was said, or of no interest', async () => {
  const { telegram, gateway, said } = await newChat()
  const from = { id: ann.id, is_bot: false, first_name: 'A\u0000\u202En', username: 'ann' }
  const chat = { id: ann.id, type: 'private' }
  const message = (more: object) => ({ message: { message_id: 1, date: 0, from, chat, ...more } })
  const odd = [
    message({ sticker: { file_id: 'x', emoji: '👍' } }),
    message({ message_id: 2, new_chat_members: [from] }),
    message({ message_id: 3, pinned_message: { message_id: 1, date: 0, chat } }),
    message({ message_id: 4, poll: { id: '1', question: '/kanban list' } }),
    message({ message_id: 5, text: '/kanban list', from: undefined }),
    message({ message_id: 6, text: '/kanban list', from: { ...from, is_bot: true } }),
    message({ message_id: 7, text: '/kanban@another_bot list' }),
    message({ message_id: 8, text: '/kanbanana', chat: { id: group, type: 'group' } }),
    { edited_message: { message_id: 9, date: 0, from, chat, text: '/kanban create edited' } },
    { channel_post: { message_id: 10, date: 0, chat, text: '/kanban create posted' } },
    { callback_query: { id: '1', from, data: 'unblock' } },
    { callback_query: { id: '2', from, message: { message_id: 1, date: 0, chat } } },
    { my_chat_member: {} },
    {},
  ]
  for (const update of odd) telegram.push(update)
  telegram.write(ann, ann.id, '', { text: undefined, caption: '/kanban create "of a picture"' })
  await said('Created')
  const text =
    'a\u0000b \uD800 \u202Ertl 👨‍👩‍👧 <b>&amp;</b> `$(id)` ; drop table tasks --\n\t"q" \'s\''
  telegram.write(ann, ann.id, `@writer ${text}${' long'.repeat(20_000)}`)
  await telegram.sent.count(2)
  const [last] = (await gateway.json('list')).filter(
    (task: { assignee: string | null }) => task.assignee === 'writer',
  )
  expect(last.body).toHaveLength(text.length - 1 + 100_000)
  expect(last.body.startsWith(text.replace('\u0000', '').replace('\uD800', '\uFFFD'))).toBe(true)
  telegram.write(ann, ann.id, `/kanban comment ${last.id} ${'x'.repeat(4000)}`)
  telegram.write(ann, ann.id, '/kanban create "unfinished')
  await said('a quote stays open')
  expect(await gateway.json('list')).toHaveLength(2)
  expect(gateway.status('telegram').state).toBe('on')
})

test('an event that is delivered again is not handled again', async () => {
  const { telegram, gateway } = await newChat()
  const message = {
    message_id: 9,
    from: { id: ann.id, is_bot: false, first_name: 'Ann' },
    chat: { id: ann.id, type: 'private' },
    date: 0,
    text: '/kanban create once',
  }
  telegram.push({ message })
  telegram.push({ message })
  telegram.write(ann, ann.id, '/kanban list')
  await telegram.sent.count(2)
  expect(await gateway.json('list')).toHaveLength(1)
})

test('what a gateway had begun when it was killed is not begun again, and what it had not is done', async () => {
  const root = newRoot()
  const memory = await openMemory(root, systemClock)
  const event = (key: string, text: string) => ({
    key,
    chat_id: String(ann.id),
    thread_id: '',
    isPrivate: true,
    user: { id: String(ann.id), name: 'ann' },
    kind: 'command' as const,
    text,
    message_id: '5',
    repliesTo: [],
    handle: null,
  })
  await memory.write(async (tx) => {
    await keep(tx, 'telegram', event('begun', 'create begun'))
    await keep(tx, 'telegram', event('new', 'create new'))
    await begin(tx, 'telegram', 'begun')
  })
  await memory.close()
  const { telegram, gateway, said } = await newChat({ root })
  await said('Created')
  expect(telegram.sent.all[0]?.text).toBe(
    'I was ended while I did this, and do not know how far I came. Look before you say it again: /kanban create begun',
  )
  expect(await gateway.json('list')).toMatchObject([{ title: 'new' }])
})

test('a chat that is slow delays no other, and keeps its order', async () => {
  const { telegram, said } = await newChat({ chat: { patience: 1 } })
  let sends = 0
  telegram.odd = (method, { chat_id }) => {
    if (method !== 'sendMessage' || chat_id !== `${group}`) return undefined
    sends += 1
    return sends === 1 ? 'hang' : undefined
  }
  telegram.write(ann, group, '/kanban create first')
  telegram.write(ann, group, '/kanban create second')
  await telegram.calls.first((method) => method === 'sendMessage')
  telegram.write(ann, ann.id, '/kanban list')
  await said('first')
  expect(telegram.sent.all.map(({ chat_id }) => chat_id)).toEqual([`${ann.id}`])
  await telegram.sent.count(3)
  expect(
    telegram.sent.all.every(({ chat_id }, index) => (chat_id === `${group}`) === index > 0),
  ).toBe(true)
})

test('a poll that hangs is given up', async () => {
  const telegram = await startTelegram()
  let polls = 0
  telegram.odd = (method) => {
    if (method !== 'getUpdates') return undefined
    polls += 1
    return polls === 1 ? 'hang' : undefined
  }
  const { when } = await startGateway({
    names: ['telegram'],
    variables: variablesOf(telegram),
    config: lists,
    chat: { poll: 1, patience: 1 },
  })
  await when('telegram', ({ says }) => says.startsWith('Telegram cannot be reached'))
  telegram.write(ann, ann.id, '/kanban list')
  await telegram.sent.count(1)
})

test('while the platform is away nothing is sent, lost or counted as refused', async () => {
  const { telegram, gateway, said } = await newChat()
  await gateway.when('telegram', ({ state }) => state === 'on')
  const id = await subscribed(gateway, 'Wait')
  await telegram.down()
  await gateway.when('telegram', ({ state }) => state === 'failed')
  await gateway.run('block', id, 'Still there?')
  await gateway.run('unblock', id)
  await gateway.run('complete', id)
  await telegram.up()
  await said('done: Wait')
  expect(telegram.sent.all.map(({ text }) => text)).toEqual([
    `⏸ @writer ${id} blocked: Still there?`,
    `✔ @writer ${id} done: Wait`,
  ])
})

test('a send that the platform fails at is not counted, and one that it refuses is', async () => {
  const { telegram, gateway, said } = await newChat()
  const id = await subscribed(gateway, 'Try')
  const errors = [
    { error_code: 502, description: 'Bad Gateway' },
    { error_code: 500, description: 'Internal Server Error' },
    { error_code: 502, description: 'Bad Gateway' },
    { error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 1 } },
    { error_code: 400, description: 'Bad Request: odd' },
    { error_code: 400, description: 'Bad Request: odd' },
  ]
  telegram.odd = (method) => {
    const error = method === 'sendMessage' ? errors.shift() : undefined
    return error && { error }
  }
  await gateway.run('block', id)
  await said('blocked: Try')
  expect(errors).toEqual([])
  await gateway.until(async () => (await gateway.json('notify-list'))[0].send_failures === 0)
})

test('after three refusals in a row a subscription ends, and that is told', async () => {
  const { telegram, gateway } = await newChat()
  const id = await subscribed(gateway, 'Dead')
  await gateway.run('notify-subscribe', id, '--platform', 'telegram', '--chat-id', String(ann.id))
  const description = 'Forbidden: bot was kicked from the group chat'
  telegram.odd = (method, { chat_id }) =>
    method === 'sendMessage' && chat_id === String(group)
      ? { error: { error_code: 403, description } }
      : undefined
  await gateway.run('block', id, 'Anybody?')
  const { warning } = await gateway.when('notifier', (part) => part.warning !== null)
  expect(warning).toBe(`telegram ${group} is told no more about ${id}: ${description}`)
  expect(telegram.calls.all.filter((method) => method === 'sendMessage')).toHaveLength(4)
  expect(await gateway.json('notify-list')).toMatchObject([{ chat_id: String(ann.id) }])
  expect(gateway.logged.all.join('')).toContain('is told no more about')
})

test('a group that goes on under another id is told and answered there', async () => {
  const { telegram, gateway } = await newChat()
  const id = await subscribed(gateway, 'Grow')
  const [from, to] = [group, -100999]
  telegram.odd = (method, { chat_id }) =>
    method === 'sendMessage' && chat_id === String(from)
      ? {
          error: {
            error_code: 400,
            description: 'Bad Request: group chat was upgraded to a supergroup chat',
            parameters: { migrate_to_chat_id: to },
          },
        }
      : undefined
  await gateway.run('block', id, 'Bigger?')
  const { chat_id } = await telegram.sent.first(({ text }) => text.includes('Bigger?'))
  expect(chat_id).toBe(String(to))
  telegram.write(ann, to, '/kanban list')
  await telegram.sent.first(({ text }) => text.includes('Grow') && text.startsWith('t_'))
})

test('only chats on a list are told anything', async () => {
  const { telegram, gateway, said } = await newChat()
  const id = await subscribed(gateway, 'Secret', -9)
  await gateway.run('block', id, 'Who asks?')
  const { warning } = await gateway.when('notifier', (part) => part.warning !== null)
  expect(warning).toMatch(
    /^telegram -9 is not in gateway\.telegram\.allowed_chats .* and is told nothing/,
  )
  expect(telegram.sent.all).toEqual([])
  expect(await gateway.json('notify-list')).toMatchObject([{ send_failures: 0 }])
  gateway.configure(lists.replace('[-100500]', '[-100500, -9]'))
  await gateway.run('unblock', id)
  await gateway.run('block', id, 'And now?')
  await said('And now?')
  expect(telegram.sent.all.map(({ text }) => text.split(': ')[1])).toEqual([
    'Who asks?',
    'And now?',
  ])
})

test('a token that is not known is said, and another one in its place is used', async () => {
  const telegram = await startTelegram()
  const root = newRoot()
  const env = (token: string): void =>
    writeFileSync(
      join(root, '.env'),
      `TELEGRAM_BOT_TOKEN='${token}'\nTELEGRAM_API_BASE_URL=${telegram.url}\n`,
      { mode: 0o600 },
    )
  env('1:wrong')
  const gateway = await startGateway({ names: ['telegram'], variables: {}, config: lists, root })
  const { says } = await gateway.when('telegram', ({ state }) => state === 'failed')
  expect(says).toMatch(/^Telegram does not know the token: .* TELEGRAM_BOT_TOKEN/)
  env(telegram.token)
  await gateway.when('telegram', ({ state }) => state === 'on')
  expect(gateway.logged.all.join('')).not.toContain('wrong')
})

test('another program that receives for the same bot is named as the trouble', async () => {
  const telegram = await startTelegram()
  telegram.odd = (method) =>
    method === 'getUpdates'
      ? {
          error: {
            error_code: 409,
            description: 'Conflict: terminated by other getUpdates request',
          },
        }
      : undefined
  const { when } = await startGateway({
    names: ['telegram'],
    variables: variablesOf(telegram),
    config: lists,
  })
  await when('telegram', ({ says }) => says.startsWith('another program receives for this bot'))
})

test('/kanban stands in the menu beside what was there', async () => {
  const { telegram, gateway } = await newChat()
  await gateway.when('telegram', ({ state }) => state === 'on')
  expect(telegram.commands().map(({ command }) => command)).toEqual(['help', 'kanban'])
})
