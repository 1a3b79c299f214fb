/** Workers of the built-in agent: every way in which a run of it can go, and how each ends. */

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { modes } from '../endpoint/modes.ts'
import { call, inOrder, type Script } from '../endpoint/scenario.ts'
import { appears, work } from './agent.ts'

const done = call('kanban_complete', { summary: 'All is written.' })

describe.each(['openai', 'anthropic', 'google'] as const)('%s', (protocol) => {
  test('a worker looks, reports, comments, creates a task and completes its own', async () => {
    const { task, asked, work: begin, show, home, report } = await work(modes.journey, { protocol })
    const { code, out, err } = await begin().ended
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const { task: now, comments, events, runs } = await show()
    expect(now).toMatchObject({ status: 'done' })
    expect(runs).toMatchObject([{ outcome: 'completed', summary: 'Read both.' }])
    expect(comments).toMatchObject([{ author: 'writer', body: 'The second file is empty.' }])
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'heartbeat', payload: { note: '1 of 2 files read' } }),
    )
    const created = (await home.json('list')).find((one: { id: string }) => one.id !== task)
    expect(created).toMatchObject({ title: 'Fill the second file', created_by: 'writer' })
    expect(out).toContain('→ kanban_create: Fill the second file')
    const { usage } = await report()
    expect(usage.input).toBeGreaterThan(1000)
    expect(usage.output).toBeGreaterThan(10)

    const [{ turn } = { turn: undefined }] = asked
    expect(turn?.system).toContain('# You are a worker')
    expect(turn?.system).toContain('You write.')
    expect(turn?.said).toEqual([
      { who: 'user', text: expect.stringMatching(/^work kanban task t_/) },
    ])
    // It has handed over: nobody pays for a closing word.
    expect(asked).toHaveLength(5)
  })
})

describe.each(['anthropic', 'google'] as const)('trouble with %s', (protocol) => {
  test('a usage limit ends with 75 and its time', async () => {
    const { work: begin, report } = await work(modes.usage, { protocol })
    expect((await begin().ended).code).toBe(75)
    const wait = (await report()).retry_at - Date.now() / 1000
    expect(wait).toBeGreaterThan(3000)
    expect(wait).toBeLessThan(4000)
  })

  test('an account without credit and a key that is refused are told apart', async () => {
    const spent = await work(modes['402'], { protocol })
    expect((await spent.work().ended).code).toBe(protocol === 'google' ? 1 : 75)
    const locked = await work(modes['401'], { protocol })
    expect((await locked.work().ended).code).toBe(1)
    expect((await locked.report()).login).toContain('local does not take LOCAL_KEY')
  })

  test('a conversation that is refused as too long is made shorter', async () => {
    const { work: begin, show } = await work(modes.overflow, { protocol })
    const { code, out } = await begin().ended
    expect(code).toBe(0)
    expect(out).toContain('the conversation was made shorter')
    expect((await show()).task.status).toBe('done')
  })
})

test('a worker without a brief has the rules of its tools', async () => {
  const { workOn, task, asked, show } = await work(modes.ok)
  expect(await workOn(`work kanban task ${task}`).ended).toMatchObject({ code: 0 })
  expect((await show()).task.status).toBe('done')
  expect(asked[0]?.turn.system).toContain('End with exactly one of kanban_complete')
})

test('what an answer costs is counted from the price of its model', async () => {
  const price = { input: 3, output: 15, cached: 0.3 }
  const { work: begin, report } = await work(modes.ok, {
    config: { models: { 'local/m': { price } } },
  })
  expect((await begin().ended).code).toBe(0)
  const { input, output, cached, cost } = (await report()).usage
  expect(cached).toBe(0)
  expect(cost).toBeCloseTo((input * 3 + output * 15) / 1e6, 10)
})

test('a worker that ends its turn is reminded once, and may make up for it', async () => {
  const { asked, work: begin, show } = await work(modes.forgetful)
  expect(await begin().ended).toMatchObject({ code: 0, err: '' })
  expect((await show()).task.status).toBe('done')
  expect(asked.at(-1)?.turn.said.at(-1)).toEqual({
    who: 'user',
    text: expect.stringContaining('is still running'),
  })
})

test('a worker that stays silent blocks with its last words as the question', async () => {
  const { asked, work: begin, show } = await work(modes.nocomplete)
  expect((await begin().ended).code).toBe(0)
  const { task, comments } = await show()
  expect(task).toMatchObject({ status: 'blocked', block_kind: 'needs_input' })
  expect(comments[0].body).toContain('without kanban_complete or kanban_block')
  expect(comments[0].body).toContain('Nothing is left to do.')
  expect(asked).toHaveLength(3)
})

test('what a command of the worker hands over counts as well', async () => {
  const script: Script = inOrder(
    call('terminal', {
      command: 'node "$HERMES" kanban complete "$HERMES_KANBAN_TASK" --summary s',
    }),
    { text: 'Done by hand.' },
  )
  const {
    work: begin,
    show,
    asked,
  } = await work(script, { env: { HERMES: join(process.cwd(), 'src/main.ts') } })
  expect(await begin().ended).toMatchObject({ code: 0 })
  expect((await show()).task.status).toBe('done')
  expect(asked).toHaveLength(2)
})

test.each([
  ['a usage limit that names its end', modes.usage, 3600],
  ['a usage limit that names none', modes.limit, null],
  ['an account without credit', modes['402'], null],
])('%s ends with 75 and the time for the runner', async (_, script, after) => {
  const { work: begin, show, report, asked } = await work(script)
  const now = Math.floor(Date.now() / 1000)
  const { code, err } = await begin().ended
  expect(code).toBe(75)
  expect(err).toContain('local has no more for now')
  const { retry_at } = await report()
  if (after === null) expect(retry_at).toBeNull()
  else expect(Math.abs(retry_at - now - after)).toBeLessThan(60)
  expect(asked).toHaveLength(1)
  expect((await show()).task.status).toBe('running')
})

test('a limit that passes is waited for', async () => {
  const { work: begin, show, asked } = await work(modes['429once'])
  const { code, out } = await begin().ended
  expect(code).toBe(0)
  expect(out).toContain('! Rate limit reached for requests: again in 1 s')
  expect((await show()).task.status).toBe('done')
  expect(asked).toHaveLength(3)
})

test('a key that is refused is told to the runner by its name', async () => {
  const { work: begin, report, asked } = await work(modes['401'])
  const { code, err } = await begin().ended
  expect(code).toBe(1)
  expect(err).toContain('local does not take LOCAL_KEY: Incorrect API key provided')
  expect((await report()).login).toContain('LOCAL_KEY')
  expect(err).not.toContain('a-key-of-the-model')
  expect(asked).toHaveLength(1)
})

test('where no runner reads that, it becomes a block', async () => {
  const { work: begin, show } = await work(modes['401'], { env: { HERMES_KANBAN_REPORT: '' } })
  expect((await begin().ended).code).toBe(0)
  const { task, comments } = await show()
  expect(task.status).toBe('blocked')
  expect(comments[0].body).toContain('local does not take LOCAL_KEY')
})

test.each([
  ['no model', { model: null }, 'no model is set: write kanban.model'],
  ['a model of nobody', { model: 'qwen3' }, 'does not say whose it is: write <provider>/qwen3'],
  ['a provider that is not known', { model: 'olama/x' }, 'did you mean ollama?'],
  ['a key that is not set', { model: 'openai/x' }, 'OPENAI_API_KEY is not set'],
])('%s is said in one sentence', async (_, config, says) => {
  const { work: begin, show } = await work(modes.ok, { config })
  const { code, out, err } = await begin().ended
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toContain(says)
  expect(err.trim().split('\n')).toHaveLength(1)
  expect((await show()).task.status).toBe('running')
})

test('a model that never comes to an end is stopped at its steps, and the task blocked', async () => {
  const { work: begin, show, asked } = await work(modes.loop, { profile: { max_steps: 7 } })
  expect((await begin().ended).code).toBe(0)
  const { task, comments } = await show()
  expect(task.status).toBe('blocked')
  expect(comments[0].body).toContain('all 7 answers')
  expect(asked).toHaveLength(7)
  expect(JSON.stringify(asked.at(-1)?.turn.said)).toContain('You have 4 answers left')
})

test('arguments that cannot be read are answered with what is wrong with them', async () => {
  const { work: begin, show, asked } = await work(modes.garbage)
  expect((await begin().ended).code).toBe(0)
  expect((await show()).runs).toMatchObject([{ outcome: 'completed' }])
  const results = asked.at(-1)?.turn.said.filter(({ who }) => who === 'tool')
  expect(results).toMatchObject([
    { text: expect.stringContaining('arguments of kanban_complete cannot be read') },
    { text: expect.stringContaining('no parameter') },
    { text: expect.stringContaining('there is no tool no_such_tool; nothing was done') },
  ])
})

test('a slow stream is waited for', async () => {
  const { work: begin, show } = await work(modes.slow)
  expect((await begin().ended).code).toBe(0)
  expect((await show()).task.status).toBe('done')
})

test('an answer whose stream breaks off is asked for again, and its calls were never made', async () => {
  const script: Script = (turn) =>
    turn.earlier === 0
      ? { ...(call('terminal', { command: 'echo x >> deeds' }) as object), breaksAfter: 6 }
      : inOrder(call('terminal', { command: 'echo y >> deeds' }), done)(turn)
  const { work: begin, show, folder, asked } = await work(script)
  const { code, out } = await begin().ended
  expect(code).toBe(0)
  expect(out).toContain('again in 1 s')
  expect((await show()).task.status).toBe('done')
  expect(await readFile(join(folder, 'deeds'), 'utf8')).toBe('y\n')
  expect(asked).toHaveLength(3)
})

test('a model that says nothing is given up in the end', async () => {
  const {
    work: begin,
    show,
    asked,
  } = await work(modes.hang, {
    config: { idle_timeout_seconds: 1 },
  })
  const { code, err } = await begin().ended
  expect(code).toBe(1)
  expect(err).toContain('local/m: the model said nothing for 1 seconds')
  expect(asked).toHaveLength(2)
  expect((await show()).task.status).toBe('running')
})

describe('a conversation that grows too long', () => {
  test('is cut when the provider refuses it, and goes on', async () => {
    const { work: begin, show, asked } = await work(modes.overflow)
    const { code, out } = await begin().ended
    expect(code).toBe(0)
    expect(out).toContain('the conversation was made shorter')
    expect((await show()).task.status).toBe('done')
    expect(JSON.stringify(asked.at(-1)?.turn.said)).toContain('left out to make room')
  })

  test('is cut before its window is full: the middle becomes a summary by the model itself', async () => {
    const long = 'I think about this for a while. '.repeat(60)
    const {
      work: begin,
      show,
      asked,
    } = await work(
      (turn) => {
        if (turn.tools.length === 0) return { text: 'So far I counted to a number.' }
        if (turn.earlier < 14) {
          const command = `echo ${turn.earlier}`
          return { text: long, calls: [{ tool: 'terminal', input: { command } }] }
        }
        return done
      },
      { config: { models: { 'local/m': { context: 14_000 } } } },
    )
    expect((await begin().ended).code).toBe(0)
    expect((await show()).task.status).toBe('done')
    const said = asked.at(-1)?.turn.said ?? []
    expect(said[0]).toMatchObject({ text: expect.stringMatching(/^work kanban task/) })
    expect(said[1]).toMatchObject({ text: expect.stringContaining('So far I counted') })
    const largest = Math.max(...asked.map(({ turn }) => turn.size))
    expect(largest).toBeLessThan(14_000 * 3)
  })

  test('and cannot be cut ends as a block that says so', async () => {
    const { work: begin, show } = await work(modes.ok, {
      config: { models: { 'local/m': { context: 3000 } } },
    })
    expect((await begin().ended).code).toBe(0)
    const { task, comments } = await show()
    expect(task.status).toBe('blocked')
    expect(comments[0].body).toContain('the window of local/m (3000 tokens) is full')
  })
})

test('a long command is reported by itself', async () => {
  const script = inOrder(call('terminal', { command: 'sleep 1.5' }), done)
  const { work: begin, show } = await work(script, { config: { claim_ttl_seconds: 1 } })
  expect((await begin().ended).code).toBe(0)
  expect((await show()).events).toContainEqual(
    expect.objectContaining({
      kind: 'heartbeat',
      payload: { note: expect.stringMatching(/^answer 1(: terminal sleep 1.5)?$/) },
    }),
  )
})

test('a worker that is asked to stop ends what it has started, with 143', async () => {
  const command = 'echo $$ > draft; mv draft pid; exec sleep 60'
  const { work: begin, show, folder } = await work(inOrder(call('terminal', { command }), done))
  const agent = begin()
  await appears(folder, 'pid')
  agent.child.kill('SIGTERM')
  expect((await agent.ended).code).toBe(143)
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  expect((await show()).task.status).toBe('running')
})

test('a worker whose run was taken away stops by itself', async () => {
  const {
    work: begin,
    task,
    home,
    until,
  } = await work(modes.hang, {
    config: { claim_ttl_seconds: 1 },
  })
  const agent = begin()
  await until(1)
  await home.run('reclaim', task)
  const { code, err } = await agent.ended
  expect(code).toBe(1)
  expect(err).toContain('was ended: reclaimed')
})

describe('toolsets', () => {
  test('with the board alone nothing can be executed or read', async () => {
    const script = inOrder(call('terminal', { command: 'touch x' }), done)
    const { work: begin, asked, folder } = await work(script, { profile: { toolsets: ['board'] } })
    expect((await begin().ended).code).toBe(0)
    expect(asked[0]?.turn.tools.filter((name) => !name.startsWith('kanban_'))).toEqual([])
    expect(asked[0]?.turn.tools).toHaveLength(7)
    expect(asked[1]?.turn.said.at(-1)).toMatchObject({
      text: expect.stringContaining('there is no tool terminal'),
    })
    expect(existsSync(join(folder, 'x'))).toBe(false)
  })

  test('where nothing is permitted, nothing that acts is offered', async () => {
    const { work: begin, asked } = await work(inOrder(done), { profile: { permissions: 'deny' } })
    expect((await begin().ended).code).toBe(0)
    const own = asked[0]?.turn.tools.filter((name) => !name.startsWith('kanban_'))
    expect(own).toEqual(['read_file', 'search_files', 'fetch_page', 'delegate', 'memory'])
  })
})

test('a command has the claim, so that it can be found, and not the key of the model', async () => {
  const script = inOrder(call('terminal', { command: 'env > seen' }), done)
  const { work: begin, folder, asked } = await work(script)
  await begin().ended
  const seen = await readFile(join(folder, 'seen'), 'utf8')
  expect(seen).toMatch(/^HERMES_KANBAN_CLAIM_LOCK=/m)
  expect(seen).not.toContain('a-key-of-the-model')
  expect(asked[0]?.headers.authorization).toBe('Bearer a-key-of-the-model')
})
