/** The seven tools of a worker, asked by the official client: on stdio through its runner's socket, and over HTTP. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Home, newHome } from '../operations/home.ts'
import { overHttp, overStdio, type Session, type Working, working } from './session.ts'

const transports: Record<string, (home: Home, working: Working) => Promise<Session>> = {
  stdio: (home, { env }) => overStdio(home, env),
  http: (_home, at) => overHttp(at),
}

const seven = [
  'kanban_show',
  'kanban_complete',
  'kanban_block',
  'kanban_heartbeat',
  'kanban_comment',
  'kanban_create',
  'kanban_link',
]

describe.each(Object.keys(transports))('over %s', (name) => {
  async function begin() {
    const home = await newHome()
    const at = await working(home)
    const session = await transports[name]?.(home, at)
    if (session === undefined) throw new Error(name)
    return { home, ...at, ...session }
  }

  test('there are seven tools, each with a schema without choices, and none is hidden behind a search', async () => {
    const { client } = await begin()
    const { tools } = await client.listTools()
    expect(tools.map((tool) => tool.name)).toEqual(seven)
    for (const { inputSchema, description, _meta } of tools) {
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
      expect(JSON.stringify(inputSchema)).not.toMatch(/anyOf|"null"/)
      expect(description?.length).toBeGreaterThan(80)
      expect(_meta).toEqual({ 'anthropic/alwaysLoad': true })
    }
    const parameters = tools.map(({ name: tool, inputSchema }) => [
      tool,
      inputSchema.required,
      Object.keys(inputSchema.properties ?? {}),
    ])
    expect(parameters).toMatchSnapshot()
  })

  test('a worker reads its task, works, and completes it', async () => {
    const { home, task, run, use } = await begin()
    writeFileSync(join(home.root, 'config.yaml'), 'kanban: { command: "true" }\n')
    const shown = await use('kanban_show')
    expect(shown).toMatchObject({ task: { id: task, status: 'running' }, parents: [], runs: [{}] })
    expect(shown.worker_context).toContain(task)
    expect(await use('kanban_heartbeat', { note: '1 of 2' })).toEqual({ ok: true, task_id: task })
    expect(await use('kanban_comment', { task_id: task, body: 'half way' })).toEqual({
      ok: true,
      task_id: task,
      comment_id: expect.any(Number),
    })
    const made = await use('kanban_create', { title: 'review it', assignee: 'default' })
    expect(made).toEqual({ ok: true, task_id: expect.any(String), status: 'ready' })
    const after = await use('kanban_create', { title: 'publish it', assignee: 'default' })
    const ends = { parent_id: made.task_id, child_id: after.task_id }
    expect(await use('kanban_link', ends)).toEqual({ ok: true, ...ends })
    const done = await use('kanban_complete', {
      summary: 'It is in report.md.',
      metadata: { files: ['report.md'] },
      created_cards: [made.task_id, after.task_id],
    })
    expect(done).toEqual({ ok: true, task_id: task, run_id: run })
    expect(await home.json('show', task)).toMatchObject({
      task: { status: 'done' },
      latest_summary: 'It is in report.md.',
      runs: [{ metadata: { files: ['report.md'] } }],
      comments: [{ author: 'writer' }],
    })
  })

  test('a block takes its reason along', async () => {
    const { home, task, run, use } = await begin()
    expect(await use('kanban_block', {})).toEqual({
      error: 'kanban_block needs reason; nothing was changed: call it again with it',
    })
    expect(await use('kanban_block', { reason: 'which of the two?' })).toEqual({
      ok: true,
      task_id: task,
      run_id: run,
    })
    expect((await home.json('show', task)).comments).toMatchObject([
      { body: 'BLOCKED: which of the two?' },
    ])
  })

  test('a worker acts as its profile, whatever it passes', async () => {
    const { home, task, use } = await begin()
    await use('kanban_comment', { task_id: task, body: 'x', author: 'boss' })
    const { task_id: made } = await use('kanban_create', {
      title: 'x',
      assignee: 'default',
      created_by: 'boss',
    })
    expect((await home.json('show', task)).comments).toMatchObject([{ author: 'writer' }])
    expect((await home.json('show', made)).task).toMatchObject({
      created_by: 'writer',
      tenant: 'acme',
    })
  })

  test("another's task is not a worker's to end", async () => {
    const { home, use } = await begin()
    const other = await home.create('other')
    for (const [tool, args] of [
      ['kanban_complete', { summary: 's' }],
      ['kanban_block', { reason: 'r' }],
      ['kanban_heartbeat', {}],
    ] as const) {
      const { error } = await use(tool, { ...args, task_id: other })
      expect(error).toMatch(/is not your task: you work on t_\w+; nothing was changed$/)
    }
    expect((await home.json('show', other)).task.status).toBe('ready')
  })

  test('a worker whose run was reclaimed is told to stop, and changes nothing', async () => {
    const { home, task, use } = await begin()
    await home.run('reclaim', task)
    for (const [tool, args] of [
      ['kanban_complete', { summary: 's' }],
      ['kanban_block', { reason: 'r' }],
      ['kanban_heartbeat', {}],
    ] as const) {
      const { error } = await use(tool, args)
      expect(error).toMatch(/was ended: reclaimed; state unchanged, stop working on it/)
    }
    expect((await home.json('show', task)).task.status).toBe('ready')
  })

  test('what a model writes is read as meant, or refused', async () => {
    const { home, task, use } = await begin()
    const made = await use('kanban_create', {
      title: 2026,
      assignee: 'default',
      parents: task,
      priority: ' 7 ',
      triage: 'false',
      max_runtime_seconds: '90',
      max_retries: null,
      skills: '[]',
      model: '',
      tenant: null,
    })
    expect((await home.json('show', made.task_id)).task).toMatchObject({
      title: '2026',
      status: 'todo',
      priority: 7,
      max_runtime_seconds: 90,
      max_retries: null,
      skills: [],
      model_override: null,
      tenant: 'acme',
    })
    const list = JSON.stringify([task, made.task_id])
    const second = await use('kanban_create', { title: 'x', assignee: 'default', parents: list })
    expect((await home.json('show', second.task_id)).parents).toHaveLength(2)
    for (const [args, why] of [
      [{ triage: 'maybe' }, 'triage'],
      [{ priority: 'high' }, 'priority'],
      [{ priority: 1.5 }, 'priority'],
      [{ title: ['a'] }, 'title'],
      [{ parents: [1] }, 'parents'],
      [{ parents: 't_nope' }, 't_nope'],
      [{ depends_on: [task] }, 'no parameter "depends_on"'],
      [{ parent: task }, 'did you mean parents?'],
      [{ skills: ['a, b'] }, 'comma'],
      [{ assignee: undefined }, 'needs assignee'],
      [{ assignee: null }, 'needs assignee'],
      [{ parents: { a: 1 } }, 'parents must be a list of texts'],
    ] as const) {
      const { error } = await use('kanban_create', { title: 'y', assignee: 'default', ...args })
      expect(error, JSON.stringify(args)).toContain(why)
      expect(error).toContain('nothing was changed')
    }
    expect(await home.json('list')).toHaveLength(3)
  })

  test('an assignee that is no profile here is named with those that are', async () => {
    const { use } = await begin()
    expect(await use('kanban_create', { title: 'x', assignee: 'nobody' })).toMatchObject({
      ok: true,
      status: 'ready',
      warning: expect.stringMatching(/nobody is no profile .*profiles here: default/),
    })
  })

  test('an id that is none is answered with what to do', async () => {
    const { use } = await begin()
    const none = 'there is no task t_0000 on this board'
    const todo = ': use an id that the board gave you'
    expect(await use('kanban_show', { task_id: 't_0000' })).toEqual({ error: none + todo })
    const { error } = await use('kanban_comment', { task_id: 't_0000', body: 'x' })
    expect(error).toBe(`${none}; nothing was changed${todo}`)
    expect((await use('kanban_complete', { summary: 's', metadata: [1] })).error).toContain(
      'metadata must be a JSON object such as {"files": 3}; nothing was changed',
    )
  })

  test('cards that were never created are named, and the task goes on', async () => {
    const { home, task, use } = await begin()
    const { error } = await use('kanban_complete', { summary: 's', created_cards: 't_deadbeef' })
    expect(error).toContain('t_deadbeef')
    expect(error).toContain('is unchanged')
    expect((await home.json('show', task)).task.status).toBe('running')
  })

  test('what is too long is refused, and the session goes on', async () => {
    const { home, task, use } = await begin()
    const long = 'é'.repeat(1_000_000)
    expect(await use('kanban_comment', { task_id: task, body: long })).toMatchObject({ ok: true })
    const { error } = await use('kanban_complete', { result: 'x'.repeat(5_000_000) })
    expect(error).toMatch(
      /was given 50\d+ bytes.*nothing was changed: put what is long into a file/,
    )
    expect(await use('kanban_heartbeat')).toMatchObject({ ok: true })
    expect((await home.json('show', task)).comments[0].body).toBe(long)
  })

  test('a tool that does not exist is answered with those that do', async () => {
    const { use } = await begin()
    expect((await use('kanban_archive')).error).toContain(`use one of ${seven.join(', ')}`)
  })
})
