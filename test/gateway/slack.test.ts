/** Slack, spoken to by the real libraries, from a local server. */

import { once } from 'node:events'
import { expect, test } from 'vitest'
import { type Gateway, type Options, startGateway } from './home.ts'
import { type Person, type Posted, type Slack, startSlack } from './platforms/slack.ts'

const ann: Person = { id: 'U1', name: 'ann' }
const bob: Person = { id: 'U2', name: 'bob' }
const channel = 'C1'

const lists = `gateway:
  slack:
    allowed_users: [${ann.id}]
    allowed_chats: [${channel}]
`

function variablesOf(slack: Slack) {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_BASE_URL: slack.url,
  }
}

async function newChat(more: Partial<Options> = {}) {
  const slack = await startSlack([ann, bob])
  const gateway = await startGateway({
    names: ['slack'],
    variables: variablesOf(slack),
    config: lists,
    profiles: ['writer'],
    ...more,
  })
  await gateway.when('slack', ({ state }) => state !== 'starting')
  return {
    slack,
    gateway,
    said: (words: string): Promise<Posted> => slack.sent.first(({ text }) => text.includes(words)),
  }
}

async function subscribed({ run, json }: Gateway, title: string): Promise<string> {
  await run('create', title, '--assignee', 'writer')
  const task = (await json('list')).find((one: { title: string }) => one.title === title)
  await run('notify-subscribe', task.id, '--platform', 'slack', '--chat-id', channel)
  return task.id
}

test('a task is created, blocks, is answered in its thread, and goes on', async () => {
  const { slack, gateway, said } = await newChat()
  expect(gateway.status('slack')).toEqual({ state: 'on', says: 'as kanban in Acme', warning: null })
  const envelope = slack.slash(ann, channel, 'create "Compare &lt;a&gt; &amp; b" --assignee writer')
  const created = await said('Created')
  await slack.acknowledged.first((id) => id === envelope)
  const [{ id, title }] = await gateway.json('list')
  expect(title).toBe('Compare <a> & b')
  expect(created.text).toContain(`/kanban notify-unsubscribe ${id}`)
  slack.slash(ann, channel, `show ${id}`)
  expect((await said('by ann@slack')).text).toMatch(/^```\nt_\w+ {2}Compare &lt;a&gt; &amp; b\n/)
  await gateway.run('block', id, 'Which of them?')
  const blocked = await said('Which of them?')
  expect(blocked.text).toBe(`⏸ @writer ${id} blocked: Which of them?`)
  expect(blocked.body.blocks[1].elements.map(({ value }: { value: string }) => value)).toEqual([
    'unblock',
    'ask',
    'open',
  ])
  slack.say(ann, channel, 'unblock: the &lt;a&gt;, says <@U2>', blocked.ts)
  const answer = await said(`Unblocked ${id}  (ready)`)
  expect(answer.thread_ts).toBe(blocked.ts)
  await gateway.run('complete', id, '--result', 'it is *b*')
  expect((await said('done:')).body).toMatchObject({
    text: `✔ @writer ${id} done: Compare &lt;a&gt; &amp; b\nit is *b*`,
    mrkdwn: 'false',
    parse: 'none',
    unfurl_links: 'false',
  })
  const { comments } = await gateway.json('show', id)
  expect(comments.at(-1)).toMatchObject({ author: 'ann@slack', body: 'the <a>, says @U2' })
  await gateway.until(async () => (await gateway.json('notify-list')).length === 0)
})

test('a message for a profile is answered, and told about, in its own thread', async () => {
  const { slack, gateway, said } = await newChat()
  const root = slack.say(ann, channel, '@writer tell a story')
  expect((await said('Created')).thread_ts).toBe(root)
  const [{ id }] = await gateway.json('list')
  await gateway.run('block', id, 'For whom?')
  expect((await said('For whom?')).thread_ts).toBe(root)
  slack.say(ann, channel, 'For children', root)
  await said(`Commented on ${id}`)
  slack.say(ann, channel, '<@UBOT> /kanban list', root)
  expect((await said(`${id}  blocked`)).thread_ts).toBe(root)
  const { comments } = await gateway.json('show', id)
  expect(comments.at(-1)).toMatchObject({ author: 'ann@slack', body: 'For children' })
})

test('the buttons let it go on, ask for a comment first, or show it', async () => {
  const { slack, gateway, said } = await newChat()
  const id = await subscribed(gateway, 'Count')
  await gateway.run('block', id, 'Which?')
  const blocked = await said('Which?')
  slack.press(ann, blocked, 'open')
  expect((await said('Count')).thread_ts).toBe(blocked.ts)
  slack.press(ann, blocked, 'ask')
  expect((await said('becomes a comment')).thread_ts).toBe(blocked.ts)
  slack.say(ann, channel, 'The second', blocked.ts)
  await said(`Unblocked ${id}`)
  await gateway.run('block', id, 'And now?')
  slack.press(ann, await said('And now?'), 'unblock')
  const edited = await slack.sent.first(({ method }) => method === 'chat.update')
  expect(edited.text).toContain(`▶ ${id} unblocked by ann@slack`)
  expect(edited.body.blocks.map(({ type }: { type: string }) => type)).toEqual(['rich_text'])
  expect((await gateway.json('show', id)).comments.at(-2).body).toBe('The second')
})

test('no text formats, calls or links anybody', async () => {
  const { gateway, said } = await newChat()
  const title = '<!channel> <@U2> *b* _i_ `c` ```x``` <http://x|y> & \u202Ertl @here'
  const id = await subscribed(gateway, title)
  await gateway.run('block', id, title)
  const { text, body } = await said('blocked')
  const escaped =
    '&lt;!channel&gt; &lt;@U2&gt; *b* _i_ `c` ```x``` &lt;http://x|y&gt; &amp; <U+202E>rtl @here'
  expect(text).toBe(`⏸ @writer ${id} blocked: ${escaped.replace('<U+202E>', '&lt;U+202E&gt;')}`)
  expect(body).toMatchObject({ mrkdwn: 'false', parse: 'none', link_names: 'false' })
  expect(body.blocks[0].elements[0].elements).toEqual([
    { type: 'text', text: `⏸ @writer ${id} blocked: ${title.replace('\u202E', '<U+202E>')}` },
  ])
})

test('a block of code cannot be ended by what is in it', async () => {
  const { slack, gateway, said } = await newChat()
  const id = await subscribed(gateway, 'Tick ```<!here> tock')
  slack.slash(ann, channel, `show ${id}`)
  const { text, body } = await said('Tick')
  expect(body.mrkdwn).toBe('true')
  expect(text.match(/```/g)).toHaveLength(2)
  expect(text).toContain('&lt;!here&gt;')
})

test('strangers get nothing but silence, and are not asked after again', async () => {
  const { slack, gateway, said } = await newChat()
  const envelopes = [
    slack.slash(bob, channel, 'list'),
    slack.slash(ann, 'C9', 'list'),
    slack.say(ann, channel, '/kanban list', undefined, { bot_id: 'B1' }) && '',
    slack.say(ann, channel, '/kanban list', undefined, { subtype: 'message_changed' }) && '',
    slack.say({ id: 'UBOT', name: 'me' }, channel, '/kanban list') && '',
  ].filter(Boolean)
  for (const envelope of envelopes) await slack.acknowledged.first((id) => id === envelope)
  await gateway.logged.first((line) => line.includes('U2 (bob) in chat C1 was not answered'))
  expect(gateway.status('slack').warning).toContain('"C9" to gateway.slack.allowed_chats')
  slack.slash(ann, 'D1', 'list')
  await said('No tasks.')
  expect(slack.sent.all).toHaveLength(1)
})

test('an envelope that comes twice is acknowledged twice and handled once', async () => {
  const { slack, gateway, said } = await newChat()
  const payload = {
    command: '/kanban',
    text: 'create once',
    user_id: ann.id,
    user_name: ann.name,
    channel_id: channel,
    trigger_id: 'again',
  }
  const both = [slack.push('slash_commands', payload), slack.push('slash_commands', payload)]
  for (const envelope of both) await slack.acknowledged.first((id) => id === envelope)
  const event = { type: 'message', channel, user: ann.id, text: '<@UBOT> @writer go', ts: '17.1' }
  slack.push('events_api', { event })
  slack.push('events_api', { event: { ...event, type: 'app_mention' } })
  slack.slash(ann, channel, 'list')
  await said('ready  writer')
  expect(await gateway.json('list')).toHaveLength(2)
})

test('whatever Slack can send is answered or of no interest, and acknowledged', async () => {
  const { slack, gateway, said } = await newChat()
  const socket = slack.sockets.all.at(-1)
  for (const raw of ['', 'no json', '[]', '{"type":"hello"}', '{"type":"shrug"}']) {
    socket?.send(raw)
  }
  socket?.send(Buffer.from([0, 1, 2]))
  const event = { type: 'message', channel, user: ann.id, text: '/kanban create x', ts: '1.1' }
  const envelopes = [
    slack.push('slash_commands', { command: '/other', user_id: ann.id }),
    slack.push('slash_commands', {}),
    slack.push('events_api', { event: { ...event, subtype: 'channel_join' } }),
    slack.push('events_api', { event: { ...event, ts: 5 } }),
    slack.push('events_api', { event: { type: 'reaction_added' } }),
    slack.push('interactive', { type: 'view_submission' }),
    slack.push('interactive', { type: 'block_actions', actions: [] }),
    slack.push('workflow', { odd: true }),
  ]
  for (const envelope of envelopes) await slack.acknowledged.first((id) => id === envelope)
  slack.say(ann, channel, '@writer \u0000 \uD800 <!channel|channel> ‮rtl', undefined, {
    subtype: 'file_share',
  })
  await said('Created')
  expect(await gateway.json('list')).toMatchObject([{ title: '\uFFFD @channel ‮rtl' }])
  expect(gateway.status('slack').state).toBe('on')
})

test('where the bot may not write, who asked is told how to let it', async () => {
  const { slack, gateway } = await newChat()
  slack.odd = (method) => (method === 'chat.postMessage' ? { error: 'not_in_channel' } : undefined)
  slack.slash(ann, channel, 'list')
  const { text, response_type } = await slack.whispers.first(() => true)
  expect(response_type).toBe('ephemeral')
  expect(text).toContain('the bot is not in this channel: /invite it')
  expect(gateway.status('slack').state).toBe('on')
})

test('connections that end are made again: killed, or asked for by Slack', async () => {
  const { slack, gateway, said } = await newChat()
  const [first] = await slack.sockets.count(1)
  first?.terminate()
  const [, second] = await slack.sockets.count(2)
  await gateway.when('slack', ({ state }) => state === 'on')
  second?.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }))
  await slack.sockets.count(3)
  await gateway.when('slack', ({ state }) => state === 'on')
  slack.slash(ann, channel, 'list')
  await said('No tasks.')
})

test('a connection that Slack refuses to make again ends nothing, and is made when it allows it', async () => {
  const { slack, gateway, said } = await newChat()
  const rejections: unknown[] = []
  const note = (reason: unknown): void => void rejections.push(reason)
  process.on('unhandledRejection', note)
  for (const error of ['invalid_auth', 'token_revoked', 'internal_error']) {
    slack.odd = (method) => (method === 'apps.connections.open' ? { error } : undefined)
    slack.sockets.all.at(-1)?.terminate()
    const { says } = await gateway.when('slack', (part) => part.says.includes(error))
    expect(says).toContain(error === 'internal_error' ? 'Slack answers' : 'look at SLACK_APP_TOKEN')
    slack.odd = () => undefined
    await gateway.when('slack', ({ state }) => state === 'on')
  }
  slack.slash(ann, channel, 'list')
  await said('No tasks.')
  process.off('unhandledRejection', note)
  expect(rejections).toEqual([])
})

test('a socket that opens and says nothing, and an answer that never comes, are given up', async () => {
  const { slack, gateway, said } = await newChat({ chat: { patience: 1 } })
  slack.greets = false
  slack.sockets.all.at(-1)?.terminate()
  await slack.sockets.count(2)
  await gateway.when('slack', ({ says }) => says.includes('does not answer in time'))
  slack.greets = true
  let hung = 0
  slack.odd = (method) => {
    if (method !== 'auth.test' && method !== 'chat.postMessage') return undefined
    hung += 1
    return hung <= 2 ? 'hang' : undefined
  }
  await gateway.when('slack', ({ state }) => state === 'on')
  slack.slash(ann, channel, 'list')
  await said('No tasks.')
})

test('no send is held by the library: the notifier waits, and sees to other chats meanwhile', async () => {
  const { slack, gateway, said } = await newChat({ config: lists.replace('[C1]', '[C1, C2]') })
  const id = await subscribed(gateway, 'Wait')
  const other = await subscribed(gateway, 'Go on')
  await gateway.run('notify-subscribe', other, '--platform', 'slack', '--chat-id', 'C2')
  const odds = [{ status: 503 }, { error: 'internal_error' }]
  const forLong = { status: 429, after: 1800 }
  slack.odd = (method, { channel: to }) =>
    method === 'chat.postMessage' && to === channel ? (odds.shift() ?? forLong) : undefined
  await gateway.run('block', id, 'Here?')
  for (const why of ['Slack answers 503', 'internal_error', 'Slack takes no more messages']) {
    await gateway.logged.first(
      (line) => line.includes(`slack C1 waits: ${why}`) || line.includes(why),
    )
  }
  await gateway.run('block', other, 'And here?')
  expect((await said('And here?')).channel).toBe('C2')
  expect(await gateway.json('notify-list')).toMatchObject(Array(3).fill({ send_failures: 0 }))
})

test('while Slack is away nothing is sent or counted, and afterwards nothing is missing', async () => {
  const { slack, gateway, said } = await newChat()
  const id = await subscribed(gateway, 'Away')
  await slack.down()
  await gateway.when('slack', ({ says }) => says.includes('cannot be reached'))
  await gateway.run('block', id, 'Hello?')
  await slack.up()
  await said('Hello?')
  expect(await gateway.json('notify-list')).toMatchObject([{ send_failures: 0 }])
})

test('a channel that is gone is told three times in vain and then no more', async () => {
  const { slack, gateway } = await newChat()
  const id = await subscribed(gateway, 'Gone')
  slack.odd = (method) => (method === 'chat.postMessage' ? { error: 'is_archived' } : undefined)
  await gateway.run('block', id)
  const { warning } = await gateway.when('notifier', (part) => part.warning !== null)
  expect(warning).toBe(
    `slack C1 is told no more about ${id}: Slack answers is_archived: the channel is archived`,
  )
  expect(await gateway.json('notify-list')).toEqual([])
  expect(slack.calls.all.filter((method) => method === 'chat.postMessage')).toHaveLength(3)
})

test('it lets go at once when it is stopped, whatever state it is in', async () => {
  const { slack, gateway } = await newChat()
  const socket = slack.sockets.all.at(-1)
  const closed = socket && once(socket, 'close')
  await gateway.stop()
  await closed
  slack.odd = (method) => (method === 'apps.connections.open' ? 'hang' : undefined)
  const before = slack.calls.all.length
  const other = await startGateway({
    names: ['slack'],
    variables: variablesOf(slack),
    config: lists,
  })
  await slack.calls.count(before + 2)
  await other.stop()
})
