/** Real agent programs that speak the real protocol, well or badly, each on a run of a real board. */

import { setTimeout as pause } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { codex } from '../../src/workers/runtimes/codex.ts'
import { play } from './scene.ts'

test('an agent is told its brief, works with our tools, and leaves when the board knows its end', async () => {
  const { first, task, run, log, asked, file } = await play('ok')
  expect(await first).toEqual({ what: 'exited', code: 0 })
  expect(await run()).toMatchObject({
    outcome: 'completed',
    summary: 'all is done',
    agent_session: 'session-1',
    usage: { input: 100, output: 20, cached: 7 },
  })
  expect(file('brief.txt')).toBe(`work kanban task ${task}\n`)
  expect(asked().filter((line) => line.startsWith('turn'))).toEqual(['turn 1'])
  expect(log()).toBe(
    [
      'session session-1 of scene 1.2.3',
      '· Hm.',
      'I look at it.',
      '→ npm test',
      '✗ npm test',
      '  one is red',
      '',
    ].join('\n'),
  )
})

test('one that ends its turn too early is reminded, and both turns are counted', async () => {
  const { first, run, asked } = await play('forgetful')
  expect(await first).toEqual({ what: 'exited', code: 0 })
  expect(await run()).toMatchObject({ outcome: 'completed', usage: { input: 40, output: 5 } })
  expect(asked()).toContain('turn 2')
})

test('tokens that are counted for the whole session are not added up', async () => {
  const { first, run } = await play('forgetful', { runtime: { usage: 'session' } })
  await first
  expect(await run()).toMatchObject({ usage: { input: 30, output: 3 } })
})

test('one that ends its turn too early again is not asked a third time', async () => {
  const { first, run, asked } = await play('unfinished')
  expect(await first).toEqual({ what: 'unfinished', said: 'I am done, for the 2. time.' })
  expect(asked().filter((line) => line.startsWith('turn'))).toHaveLength(2)
  expect(await run()).toMatchObject({ ended_at: null })
})

test('whatever the end of a turn is called, it proves nothing', async () => {
  const { first, log } = await play('refuses')
  expect(await first).toEqual({ what: 'unfinished', said: '' })
  expect(log()).toContain('its turn ended: refusal')
})

test('what is said behind the end of the turn is still written down', async () => {
  const { first, log } = await play('late')
  await first
  expect(log()).toContain('And a late word.')
})

test.each([
  ['quota by data', {}, { what: 'quota', said: 'Internal error', retryAt: null }],
  ['quota by words', { signs: codex.signs }, { what: 'quota', retryAt: null }],
  ['quota by words', {}, { what: 'unfinished' }],
])('%s is a quota', async (scene, runtime, verdict) => {
  const { first } = await play(scene, { runtime })
  expect(await first).toMatchObject(verdict)
})

test('a quota that says when it ends is believed', async () => {
  const { first } = await play('quota with a time')
  const verdict = await first
  const now = Date.now() / 1000
  expect(verdict).toMatchObject({ what: 'quota' })
  expect('retryAt' in verdict && verdict.retryAt).toBeGreaterThan(now + 7100)
})

test('an error behind the hand-off is nobody’s business any more', async () => {
  const { first, run } = await play('quota after the end')
  expect(await first).toEqual({ what: 'exited', code: 0 })
  expect(await run()).toMatchObject({ outcome: 'completed' })
})

test('an agent without a login is told from one that fails', async () => {
  expect(await (await play('no login')).first).toEqual({
    what: 'login',
    said: 'Authentication required',
  })
  expect(await (await play('error')).first).toEqual({
    what: 'failed',
    said: 'Internal error: the cat is on the keyboard (error -32603)',
  })
})

test('an agent that wants a login is signed in with a key that its worker has', async () => {
  const signIn = [{ method: 'api-key', keys: ['SCENE_KEY'] }]
  const runtime = { session: { signIn, hasty: false } }
  const without = await play('signs in', { runtime })
  expect(await without.first).toMatchObject({ what: 'login' })
  const { first, asked, run } = await play('signs in', { runtime, env: { SCENE_KEY: 'k' } })
  expect(await first).toEqual({ what: 'exited', code: 0 })
  expect(asked()).toContain('authenticate api-key')
  expect(await run()).toMatchObject({ outcome: 'completed' })
})

test('an agent of another version of the protocol is not talked to', async () => {
  const { first, asked } = await play('another version')
  expect(await first).toEqual({
    what: 'unusable',
    said: 'it speaks version 99 of the protocol, and not 1',
  })
  expect(asked().some((line) => line.startsWith('session'))).toBe(false)
})

test('a profile that allows is asked in vain, by kind and never for always', async () => {
  const { first, asked, log } = await play('asks')
  await first
  const chosen = { outcome: 'selected', optionId: 'p2' }
  expect(asked()).toEqual(
    expect.arrayContaining([JSON.stringify(chosen), JSON.stringify({ outcome: 'cancelled' })]),
  )
  expect(log()).toContain('allowed: rm -rf kanban_show')
})

test('a profile that denies refuses all but the board', async () => {
  const { first, asked, run, log } = await play('asks', { prepared: { permissions: 'deny' } })
  await first
  expect(
    asked()
      .slice(-3)
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { outcome: 'selected', optionId: 'p4' },
    { outcome: 'selected', optionId: 'p2' },
    { outcome: 'cancelled' },
  ])
  expect(log()).toContain('refused: rm -rf kanban_show')
  expect(await run()).toMatchObject({ outcome: 'completed' })
})

test('a question to a person becomes a block with everything that was asked', async () => {
  const { first, asked, run } = await play('question')
  expect(await first).toEqual({ what: 'exited', code: 0 })
  expect(await run()).toMatchObject({
    outcome: 'blocked',
    summary: 'How shall it look?\nWhich colour? (red / blue)\nWhich sizes? (Small / Large)',
  })
  expect(asked()).toContain('cancel')
  expect(asked()).toContain('initialize {"form":{}}')
})

test('an agent that gives no sign of life is given up', async () => {
  const { first } = await play('silent', { prepared: { patience: { idle: 1, tool: 30 } } })
  expect(await first).toEqual({ what: 'silent', during: 'itself', seconds: 1 })
})

test('an agent that waits for a quota without a word to the model is caught', async () => {
  const { first } = await play('quota in silence', {
    prepared: { patience: { idle: 2, tool: 30 } },
  })
  expect(await first).toMatchObject({ what: 'quota' })
})

test('an agent that is stopped is told so, and then left alone', async () => {
  const { worker, asked, log } = await play('cancellable')
  await vi.waitUntil(() => log().includes('I begin'), { timeout: 10_000 })
  await worker.stop?.()
  expect(await worker.exited).toEqual({ code: 0, signal: null })
  expect(asked()).toContain('cancelled')
  expect(asked()).not.toContain('turn 2')
})

test('the end of an agent says more than what broke with it', async () => {
  const { first, worker } = await play('dies')
  expect(await first).toEqual({ what: 'exited', code: 3 })
  await expect(Promise.race([worker.verdict, pause(200, 'nothing')])).resolves.toBe('nothing')
})

test('an agent that hangs up and stays is given up', async () => {
  const { first } = await play('hangs up')
  expect(await first).toMatchObject({ what: 'failed' })
})

test('what is no message, and what nobody knows, is passed over', async () => {
  const { first, run, asked } = await play('garbage')
  expect(await first).toEqual({ what: 'exited', code: 0 })
  expect(await run()).toMatchObject({ outcome: 'completed' })
  expect(asked()).toContain('fs: -32601')
})

test('an agent is put into the mode and the model of its profile', async () => {
  const { first, asked } = await play('modes', {
    prepared: { modes: ['wild', 'free'], model: 'large-1' },
  })
  await first
  expect(asked()).toEqual(expect.arrayContaining(['mode free', 'option which large-1']))
})

test('a mode that it has already is not asked for, and a model is known by its title too', async () => {
  const { first, asked } = await play('modes', { prepared: { modes: ['ask'], model: 'Large' } })
  await first
  expect(asked().some((line) => line.startsWith('mode'))).toBe(false)
  expect(asked()).toContain('option which large-1')
})

test('where nobody asks for a model, the one that it uses is noted', async () => {
  const { first, run } = await play('modes')
  await first
  expect(await run()).toMatchObject({ model: 'small' })
})

test('a model that it does not have is named with those that it has', async () => {
  const { first } = await play('modes', { prepared: { model: 'huge' } })
  expect(await first).toEqual({
    what: 'unusable',
    said: 'it has no model huge: use one of small, large-1',
  })
  const { first: second } = await play('ok', { prepared: { model: 'huge' } })
  expect(await second).toMatchObject({
    what: 'unusable',
    said: expect.stringContaining('it offers no choice of models'),
  })
})

test('an agent that begins before it knows our tools is waited for', async () => {
  const runtime = { session: { signIn: [], hasty: true } }
  const { first, asked } = await play('hasty', { runtime })
  await first
  const order = asked().filter((line) => /^(asks for|prompt)/.test(line))
  expect(order).toEqual(['asks for the tools', 'prompt wor'])
})

test('an agent that takes no server over HTTP is given one that it starts', async () => {
  const { first, file } = await play('no http', { env: { HERMES_X: '1' } })
  await first
  const [server] = JSON.parse(file('servers.json'))
  expect(server).toMatchObject({
    name: 'kanban',
    command: expect.stringMatching(/\/hermes-kanban$/),
    args: ['mcp'],
    env: expect.arrayContaining([{ name: 'HERMES_X', value: '1' }]),
  })
})

test('the token of a run is in no environment, no argument and no log', async () => {
  const { first, file, log, worker } = await play('environment')
  await first
  const { headers } = JSON.parse(file('server.json')) as { headers: { value: string }[] }
  const token = headers[0]?.value.replace('Bearer ', '') ?? ''
  expect(token).toMatch(/^[0-9a-f]{32}$/)
  expect(file('environment.json')).not.toContain(token)
  expect(log()).not.toContain(token)
  await worker.exited
})
