/** A worker's operations over its runner's socket: the same results, fenced, for whoever knows the claim. */

import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { claim } from '../../src/board/claim.ts'
import { BoardError } from '../../src/model/error.ts'
import { claimLock } from '../../src/model/lock.ts'
import { workerOperations } from '../../src/operations/for-workers.ts'
import { perform, type Worker } from '../../src/operations/operation.ts'
import { allOperations, findOperation } from '../../src/operations/registry.ts'
import { callOperation } from '../../src/operations/remote/call.ts'
import { serveOperations } from '../../src/operations/remote/serve.ts'
import { type Home, hermes, newHome } from './home.ts'

const lock = claimLock('here', 1, 'a'.repeat(32))

async function served(home: Home, creations?: { left: number }) {
  const task = await home.create('work', '--assignee', 'writer', '--tenant', 'acme')
  const claimed = await home.board.store.write((tx) =>
    claim(tx, task, { lock, ttl: 900, host: 'h', here: 'h' }),
  )
  if (claimed.run === null) throw claimed.refusal
  const worker: Worker = {
    task,
    fence: { run: claimed.run, lock },
    tenant: 'acme',
    ...(creations === undefined ? {} : { creations }),
  }
  const own = { actor: 'writer', profile: 'writer', worker }
  const path = join(home.root, 'socket')
  const { close } = await serveOperations(path, {
    lock,
    contextFor: (signal) => home.context({ ...own, signal }),
  })
  onTestFinished(close)
  const local = async (name: string, input: unknown): Promise<unknown> => {
    const operation = await findOperation(name)
    return operation && perform(operation, input, home.context(own))
  }
  return {
    task,
    path,
    local,
    call: (name: string, input: unknown) => callOperation(path, lock, name, input),
    env: {
      HERMES_KANBAN_TASK: task,
      HERMES_KANBAN_RUN_ID: String(claimed.run),
      HERMES_KANBAN_CLAIM_LOCK: lock,
      HERMES_KANBAN_SOCKET: path,
      HERMES_KANBAN_BOARD: 'default',
      HERMES_PROFILE: 'writer',
    },
  }
}

const refusal = (what: Promise<unknown>): Promise<BoardError> =>
  what.then(
    () => expect.unreachable('it was not refused'),
    (error) => error as BoardError,
  )

test('a call over the socket gives what a call in the process gives', async () => {
  const home = await newHome()
  const { call, local, task } = await served(home)
  await call('comment', { body: 'on it' })
  for (const [name, input] of [
    ['show', {}],
    ['list', {}],
    ['runs', { task_id: task }],
    ['context', {}],
    ['assignees', {}],
  ] as const) {
    expect(await call(name, input)).toEqual(JSON.parse(JSON.stringify(await local(name, input))))
  }
  for (const [name, input] of [
    ['show', { task_id: 't_nope' }],
    ['create', { title: ' ', max_retries: 0 }],
    ['heartbeat', { foo: 1 }],
    ['block', {}],
  ] as const) {
    const [there, here] = [await refusal(call(name, input)), await refusal(local(name, input))]
    expect(there).toBeInstanceOf(BoardError)
    expect({ ...there, message: there.message }).toEqual({ ...here, message: here.message })
  }
})

test('a wrong lock is told nothing and changes nothing', async () => {
  const home = await newHome()
  const { path, task } = await served(home)
  for (const wrong of ['', claimLock('here', 1, 'b'.repeat(32)), `${lock} `]) {
    const error = await refusal(
      callOperation(path, wrong, 'complete', { task_id: task, summary: 's' }),
    )
    expect(error).toMatchObject({ code: 'forbidden', details: {} })
  }
  expect((await home.json('show', task)).task.status).toBe('running')
})

test('a worker ends its own task only, as its own profile', async () => {
  const home = await newHome()
  const { call, task } = await served(home)
  const other = await home.create('of somebody else')
  expect(await refusal(call('complete', { task_id: other, summary: 's' }))).toMatchObject({
    code: 'forbidden',
  })
  const made = await call('create', { title: 'follow-up', assignee: 'reviewer' })
  expect(made).toMatchObject({
    status: 'ready',
    task: { created_by: 'writer', tenant: 'acme' },
    warning: expect.stringContaining('reviewer is no profile'),
  })
  await call('comment', { body: 'hello' })
  await call('complete', { summary: 'done' })
  const { task: now, comments } = await home.json('show', task)
  expect(now.status).toBe('done')
  expect(comments).toMatchObject([{ author: 'writer' }])
  expect(await refusal(call('complete', { summary: 'again' }))).toMatchObject({ code: 'run_ended' })
})

test("a person's verbs are not for workers", async () => {
  const home = await newHome()
  const { call, task } = await served(home)
  for (const name of [
    'archive',
    'unblock',
    'promote',
    'reclaim',
    'assign',
    'claim',
    'watch',
    'dispatch',
  ]) {
    const error = await refusal(
      call(name, name === 'assign' ? { task_id: task, assignee: null } : { task_id: task }),
    )
    expect(error, name).toMatchObject({ code: 'forbidden' })
  }
  expect(await refusal(call('toString', {}))).toMatchObject({ code: 'forbidden' })
})

test('a runner has exactly the verbs that are for workers', async () => {
  const meant = (await allOperations()).filter(({ audience }) => audience.includes('worker'))
  expect([...workerOperations.keys()].toSorted()).toEqual(meant.map(({ name }) => name).toSorted())
})

test('a run creates as many tasks as it may, also when it asks at the same moment', async () => {
  const home = await newHome()
  const { call } = await served(home, { left: 2 })
  const tries = ['a', 'b', 'c', 'd'].map((title) =>
    call('create', { title, idempotency_key: title }),
  )
  const ends = await Promise.allSettled(tries)
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  expect(await refusal(call('create', { title: 'e' }))).toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('kanban.max_created_per_run'),
  })
})

test('one connection carries many requests, each answered by its id', async () => {
  const home = await newHome()
  const { path } = await served(home)
  const socket = connect(path).setEncoding('utf8')
  let answers = ''
  socket.on('data', (text) => {
    answers += text
    if (answers.split('\n').length === 4) socket.end()
  })
  for (const id of ['one', 2]) {
    socket.write(`${JSON.stringify({ id, lock, operation: 'stats', input: {} })}\n`)
  }
  socket.write(JSON.stringify({ id: 3, lock, operation: 'heartbeat', input: {} }))
  socket.write('\n')
  await once(socket, 'close')
  const lines = answers
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.map(({ id }) => id)).toEqual(['one', 2, 3])
  expect(lines[2].result).toMatchObject({ task_id: expect.any(String) })
})

test('what is no request is answered and ends the connection', async () => {
  const home = await newHome()
  const { path, call } = await served(home)
  for (const nonsense of ['{', '[]', '{"id":1}', 'x'.repeat(5 * 1024 * 1024)]) {
    const socket = connect(path).setEncoding('utf8')
    let answer = ''
    socket.on('data', (text) => {
      answer += text
    })
    const closed = new Promise((resolve) => socket.once('close', resolve))
    // The server hangs up in the middle of what is too long.
    socket.on('error', () => {})
    socket.write(`${nonsense}\n`)
    await closed
    if (nonsense.length < 100)
      expect(JSON.parse(answer)).toMatchObject({ id: null, error: { code: 'invalid' } })
  }
  expect(await call('stats', {})).toMatchObject({ by_status: { running: 1 } })
})

test('a connection that asks for nothing stays open until the runner ends', async () => {
  const home = await newHome()
  const path = join(home.root, 'idle')
  const server = await serveOperations(path, { lock, contextFor: () => home.context() })
  const socket = connect(path)
  await once(socket, 'connect')
  await callOperation(path, lock, 'stats', {})
  expect(socket.readyState).toBe('open')
  const closed = once(socket, 'close')
  socket.resume()
  await server.close()
  await closed
  expect(await refusal(callOperation(path, lock, 'stats', {}))).toMatchObject({
    code: 'store_unreachable',
  })
})

test('inside a worker the command line goes through the socket and never opens a database', async () => {
  const home = await newHome()
  const { env, task } = await served(home)
  const away = { ...env, HERMES_KANBAN_DB: join(home.root, 'no/such/kanban.db') }
  const hermesThere = (...argv: string[]) => hermes(home.root, ['kanban', ...argv], { env: away })
  expect(await hermesThere('heartbeat', task)).toEqual({
    code: 0,
    out: `Renewed ${task}\n`,
    err: '',
  })
  expect(await hermesThere('complete', task, '--summary', 'it works')).toMatchObject({
    code: 0,
    out: `Completed ${task}\n`,
  })
  expect(await hermesThere('complete', task, '--summary', 'again')).toMatchObject({
    code: 1,
    err: expect.stringMatching(
      /^hermes: run 1 of t_\w+ was ended: completed; state unchanged.*\n$/,
    ),
  })
  expect((await home.json('show', task)).latest_summary).toBe('it works')
})

test('a worker cannot pose as another or leave its board', async () => {
  const home = await newHome()
  const { env, task } = await served(home)
  const without = { ...env, HERMES_KANBAN_SOCKET: '' }
  for (const [facts, argv] of [
    [env, ['comment', task, 'x', '--author', 'boss']],
    [without, ['create', 'x', '--created-by', 'boss']],
    [env, ['list', '--board', 'other']],
    [without, ['-p', 'boss', 'list']],
  ] as const) {
    const { code, err } = await hermes(home.root, ['kanban', ...argv], { env: facts })
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringContaining('inside a worker'),
    })
  }
  expect(await home.json('list')).toHaveLength(1)
})

test('a worker without a socket is fenced as well', async () => {
  const home = await newHome()
  const { env, task } = await served(home)
  const bare = { ...env, HERMES_KANBAN_SOCKET: '' }
  const other = await home.create('other')
  const there = (...argv: string[]) => hermes(home.root, ['kanban', ...argv], { env: bare })
  expect((await there('complete', other, '--summary', 's')).err).toContain('is not your task')
  await home.run('reclaim', task)
  expect((await there('complete', task, '--summary', 's')).err).toContain('was ended: reclaimed')
})
