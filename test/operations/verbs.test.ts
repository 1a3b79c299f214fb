/** Every verb on a fresh home, in the words that a person reads. */

import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Board } from '../../src/board/board.ts'
import { logPath } from '../../src/workers/log.ts'
import { newHome, plain } from './home.ts'

test('create says what was made, and prints the task as JSON', async () => {
  const { run, json } = await newHome()
  const { out, err, code } = await run('create', 'Read it', '--assignee', 'Researcher')
  expect(out).toMatch(/^Created t_[0-9a-f]{8} {2}\(ready, assignee=researcher\)$/)
  expect(err).toContain('researcher is no profile on this machine')
  expect(code).toBe(0)
  const task = await json('create', 'x', '--priority', '-3', '--skill', 'a', '--skill', 'b')
  expect(task).toMatchObject({ title: 'x', priority: -3, skills: ['a', 'b'], status: 'ready' })
})

test('create takes durations, workspaces and stdin as people write them', async () => {
  const { runOn, json, create } = await newHome()
  const { out } = await runOn(
    { stdin: 'line one\nline two\n' },
    ...['create', 'x', '--body', '-', '--max-runtime', '1.5h', '--json'],
    ...['--workspace', 'dir:/srv/x', '--branch=b', '--model', 'm', '--max-retries', '2'],
  )
  expect(JSON.parse(out)).toMatchObject({
    body: 'line one\nline two\n',
    max_runtime_seconds: 5400,
    workspace_kind: 'dir',
    workspace_path: '/srv/x',
    branch_name: 'b',
    model_override: 'm',
    max_retries: 2,
  })
  const parent = await create('parent')
  const child = await json('create', 'child', '--parent', parent.slice(0, 6), '--tenant', 'acme')
  expect(child).toMatchObject({ status: 'todo', tenant: 'acme' })
  expect(await json('create', 'parked', '--triage')).toMatchObject({ status: 'triage' })
})

test('a task with the same key is named and not made again', async () => {
  const { run, create, json } = await newHome()
  const id = await create('x', '--idempotency-key', 'daily')
  expect((await run('create', 'y', '--idempotency-key', 'daily')).out).toContain(`Exists ${id}`)
  expect(await json('list')).toHaveLength(1)
})

test('a ready task that nothing will start comes with a hint, except in JSON', async () => {
  const { run, root } = await newHome()
  writeFileSync(join(root, 'config.yaml'), 'kanban: { command: "true" }\n')
  expect((await run('create', 'x', '--assignee', 'default')).err).toContain('hermes gateway run')
  expect((await run('create', 'x', '--assignee', 'default', '--json')).err).toBe('')
})

test('a task for a profile that can start nothing comes with a warning, beside JSON too', async () => {
  const { run, root } = await newHome()
  mkdirSync(join(root, 'profiles', 'greeter'), { recursive: true })
  for (const more of [[], ['--json']]) {
    const create = async (assignee: string) => {
      const { out, err } = await run('create', 'x', '--assignee', assignee, ...more)
      if (more.length > 0) JSON.parse(out)
      return { id: /t_[0-9a-f]{8}/.exec(out)?.[0], err }
    }
    const mistyped = await create('greter')
    expect(mistyped.err).toBe(
      `greter is no profile on this machine, so ${mistyped.id} waits until somebody claims it by hand; did you mean greeter? hermes kanban assign ${mistyped.id} greeter`,
    )
    expect((await create('somebody')).err).toContain('; profiles here: default, greeter')
    for (const idle of ['default', 'greeter']) {
      expect((await create(idle)).err).toContain(`${idle} has no runtime on this machine, so`)
    }
  }
})

test('a task that no worker can start for want of a folder comes with a warning', async () => {
  const { run, root } = await newHome()
  const warned = async (workspace: string) =>
    (await run('create', 'x', '--workspace', workspace)).err
  expect(await warned('dir:src/app')).toContain('its workspace "src/app" is not an absolute path')
  expect(await warned('worktree:app')).toContain('its workspace "app" is not an absolute path')
  expect(await warned('worktree')).toContain('boards set-workdir default <path>')
  for (const fine of ['scratch', 'dir:~/app', `worktree:${root}`]) {
    expect(await warned(fine)).toBe('')
  }
  await run('boards', 'set-workdir', 'default', root)
  expect(await warned('worktree')).toBe('')
})

test('list shows a line for each task, most urgent first', async () => {
  const { run, create, json } = await newHome()
  const a = await create('plain')
  const b = await create('urgent', '--priority', '5', '--assignee', 'writer', '--tenant', 'acme')
  expect((await run('list')).out.split('\n')).toEqual([
    `${b}  ready  writer  [acme]  urgent`,
    `${a}  ready  -               plain`,
  ])
  expect((await run('ls', '--tenant', 'acme')).out).toContain(b)
  expect(await json('-p', 'writer', 'list', '--mine')).toMatchObject([{ id: b }])
  expect(await json('list', '--mine', '-p', 'nobody')).toEqual([])
  expect((await run('list', '--status', 'done')).out).toBe('No tasks.')
  expect(await json('list', '--limit', '1')).toHaveLength(1)
})

test('none is nobody, to whom a task is given and whose tasks are listed', async () => {
  const { create, json } = await newHome()
  const [a, b] = [await create('x', '--assignee', 'None'), await create('y')]
  await create('z', '--assignee', 'writer')
  const whose = async () =>
    (await json('list', '--assignee', 'none')).map((task: { id: string }) => task.id)
  expect((await whose()).sort()).toEqual([a, b].sort())
  expect((await json('show', a)).task.assignee).toBeNull()
})

test('none is any machine, for a new task as for one that is changed', async () => {
  const { create, run, json } = await newHome()
  const id = await create('x', '--host', 'None')
  expect((await json('show', id)).task.host).toBeNull()
  await run('edit', id, '--host', 'anna')
  await run('edit', id, '--host', 'none')
  expect((await json('show', id)).task.host).toBeNull()
})

test('claim makes the workspace and says where it is; its life shows in runs', async () => {
  const { run, create, json } = await newHome()
  const id = await create('x', '--assignee', 'me')
  const claimed = await run('claim', id, '--ttl', '2h')
  const [, workspace = ''] = new RegExp(`^Claimed ${id}\nWorkspace: (.+)$`).exec(claimed.out) ?? []
  expect(existsSync(workspace)).toBe(true)
  expect((await run('show', id)).out).toMatch(/^ {2}claimed by +desk:7, until \d{4}-/m)
  const { task } = await json('show', id)
  expect(task).toMatchObject({ status: 'running', claim_lock: 'desk:7' })
  expect((await json('runs', id))[0]).toMatchObject({ host: null, workspace, profile: 'me' })
  expect((await run('runs', id)).out).toMatch(/^#1 {2}active {2}me {2}\d+ s {2}\d{4}-/)
  expect((await run('heartbeat', id, '--note', 'half')).out).toMatch(
    new RegExp(`^Renewed ${id} {2}\\(until \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d\\)$`),
  )
  expect((await run('block', id, 'which', 'one?')).out).toBe(`Blocked ${id}: which one?`)
  const { comments } = await json('show', id)
  expect(comments).toMatchObject([{ author: 'user', body: 'BLOCKED: which one?' }])
  expect((await run('unblock', id, '--reason', 'the first')).out).toBe(`Unblocked ${id}  (ready)`)
  expect((await run('complete', id, '--summary', 'found it\nand more')).out).toBe(`Completed ${id}`)
  expect((await run('runs', id)).out).toContain('    → found it')
  expect((await json('show', id)).latest_summary).toBe('found it\nand more')
})

test('whoever claims at a terminal is told how long it lasts', async () => {
  const { runOn, create } = await newHome()
  const id = await create('x')
  const style = { ...plain, width: 80 }
  const { out, err } = await runOn({ style }, 'claim', id, '--ttl', '1d')
  expect(out.split('\n').at(-1)).toMatch(
    /^Yours until \d{4}-[^:]*:\d\d: heartbeat t_\w+ renews that$/,
  )
  expect(err).toBe('')
})

test('a claim whose workspace cannot be made is given back', async () => {
  const { run, create, json } = await newHome()
  const id = await create('x', '--workspace', 'dir:relative')
  const { code, err } = await run('claim', id)
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('absolute') })
  expect(await json('show', id)).toMatchObject({
    task: { status: 'ready', claim_lock: null },
    runs: [{ outcome: 'reclaimed' }],
  })
})

test('links, assignment and the rest say what they did', async () => {
  const { run, create } = await newHome()
  const [a, b] = [await create('a'), await create('b')]
  const parked = await create('p', '--triage')
  const says = async (...argv: string[]) => (await run(...argv)).out
  expect(await says('link', a, b)).toBe(`Linked ${a} -> ${b}`)
  expect(await says('show', b)).toMatch(new RegExp(`Parents\n {2}${a}  ready`))
  expect(await says('unlink', a, b)).toBe(`Unlinked ${a} -> ${b}`)
  expect(await says('assign', a, 'Writer')).toBe(`Assigned ${a} to writer`)
  expect(await says('assign', a, 'none')).toBe(`Assigned ${a} to none`)
  expect(await says('comment', a, 'two', 'words')).toBe(`Commented on ${a}`)
  expect(await says('promote', parked)).toBe(`Promoted ${parked}  (ready)`)
  await run('claim', a)
  expect(await says('reclaim', a, '--reason', 'mine')).toBe(`Reclaimed ${a}  (ready)`)
  expect(await says('archive', a, b)).toBe(`Archived ${a}\nArchived ${b}`)
})

test('the reading verbs answer on a fresh board', async () => {
  const { run, create, json, root } = await newHome()
  expect((await run('init')).out).toContain(`Board default is at ${root}`)
  expect(await json('stats')).toMatchObject({
    by_status: { ready: 0 },
    oldest_ready_age_seconds: null,
  })
  expect(await json('assignees')).toEqual([{ name: 'default', on_disk: true, counts: {} }])
  const id = await create('x', '--assignee', 'lane')
  expect((await run('assignees')).out).toMatch(/lane +by hand {2}1 ready/)
  expect((await run('stats')).out).toMatch(/ready +1/)
  expect((await run('context', id)).out).toContain(`# Task ${id}`)
  expect((await run('why', id)).out).toContain('lane is no profile')
  expect(await run('log', id)).toMatchObject({
    code: 0,
    out: '',
    err: expect.stringContaining('no log'),
  })
  expect((await run('runs', id)).out).toBe('No runs yet.')
})

test('comments and tasks carry the name that was asked for', async () => {
  const { run, create, json } = await newHome()
  const id = await create('x', '--created-by', 'ann')
  await run('comment', id, 'hello', '--author', 'bob')
  await run('-p', 'writer', 'comment', id, 'hi')
  const { task, comments } = await json('show', id)
  expect(task.created_by).toBe('ann')
  expect(comments.map((comment: { author: string }) => comment.author)).toEqual(['bob', 'writer'])
})

test('show offers a way out of each warning, which ends it', async () => {
  const { run, create } = await newHome()
  const id = await create('x')
  await run('complete', id, '--summary', 'see t_0badcafe')
  const { out } = await run('show', id)
  expect(out).toContain('mentions cards that do not exist: t_0badcafe')
  expect(out).toContain(`hermes kanban edit ${id} --summary`)
  await run('edit', id, '--summary', 'see for yourself')
  expect((await run('show', id)).out).not.toContain('Warnings')
})

test('tail begins with what happened and goes on until it is stopped', async () => {
  const home = await newHome()
  const id = await home.create('x')
  await home.create('another')
  const stop = new AbortController()
  const lines: string[] = []
  const { code } = await home.runOn(
    {
      live: true,
      context: { signal: stop.signal },
      onOut: (line) => {
        lines.push(line)
        if (lines.length === 1) void home.run('assign', id, 'writer')
        if (lines.length === 2) stop.abort()
      },
    },
    ...['tail', id, '--interval', '5'],
  )
  expect(code).toBe(0)
  expect(lines).toEqual([
    expect.stringMatching(`${id}  created`),
    expect.stringMatching(`${id}  assigned  assignee: writer`),
  ])
})

test('tail --wait ends with the event after which the task rests, and at once where it rests already', async () => {
  const home = await newHome()
  const id = await home.create('x')
  const lines: string[] = []
  const onOut = (line: string): void => {
    lines.push(line)
    if (lines.length === 1) void home.run('complete', id, '--summary', 'done')
  }
  const { code } = await home.runOn({ live: true, onOut }, 'tail', id, '--wait')
  expect(code).toBe(0)
  expect(lines).toEqual([
    expect.stringMatching(`${id}  created`),
    expect.stringMatching(`${id}  completed`),
  ])
  const again = await home.runOn({ live: true }, 'tail', id, '--wait')
  expect(again.code).toBe(0)
  expect(again.out.split('\n')).toHaveLength(2)
})

test('why names the board in what it suggests, where another one would be meant', async () => {
  const { run, create } = await newHome()
  const id = await create('x', '--triage')
  expect((await run('why', id)).out).toContain(`→ hermes kanban promote ${id}`)
  await run('boards', 'create', 'r')
  const { out } = await run('--board', 'r', 'create', 'y', '--triage')
  const other = /t_[0-9a-f]{8}/.exec(out)?.[0] ?? ''
  const said = `→ hermes kanban --board r promote ${other}`
  expect((await run('--board', 'r', 'why', other)).out).toContain(said)
})

test.each([
  ['--tenant', 'acme'],
  ['--assignee', 'none'],
])('watch shows only what was asked for: %s %s', async (...filter) => {
  const home = await newHome()
  const b = await home.create('b', '--assignee', 'writer')
  const a = await home.create('a', '--tenant', 'acme')
  const stop = new AbortController()
  let looked = false
  const { store } = home.board
  const watched: Board = {
    ...home.board,
    store: {
      ...store,
      read: async (body) => {
        const seen = await store.read(body)
        // What happens after its first look is what it has to show.
        if (!looked) for (const id of [b, a]) void home.run('complete', id)
        looked = true
        return seen
      },
    },
  }
  const { out, err } = await home.runOn(
    {
      live: true,
      style: { ...plain, width: 80 },
      context: { signal: stop.signal, board: async () => watched },
      onOut: () => stop.abort(),
    },
    ...['watch', '--kinds', 'completed,blocked', ...filter, '--json'],
  )
  expect(JSON.parse(out)).toMatchObject({ task_id: a, kind: 'completed' })
  expect(err).toBe('watching the board default until Ctrl-C: a line for each event')
})

test('whoever is shown the end of a log is told so, unless it was asked for', async () => {
  const { create, run, board } = await newHome()
  const id = await create('x')
  const path = logPath(board.logs, id)
  mkdirSync(board.logs, { recursive: true })
  writeFileSync(path, 'a line of a worker\n'.repeat(60_000))
  const { code, err } = await run('log', id)
  expect(code).toBe(0)
  expect(err).toMatch(/^only the last MiB is shown: --tail <bytes> .*/)
  expect(err).toContain(path)
  expect((await run('log', id, '--tail', '100')).err).toBe('')
  expect((await run('log', id, '--tail', '2000000')).err).toBe('')
})

test('log prints what workers wrote, from the end back, and goes on in whole lines', async () => {
  const home = await newHome()
  const id = await home.create('x')
  const path = logPath(home.board.logs, id)
  mkdirSync(home.board.logs, { recursive: true })
  writeFileSync(path, 'first line\nsecond \u001b[2Jline\n')
  expect((await home.run('log', id)).out).toBe('first line\nsecond ␛[2Jline')
  expect((await home.run('log', id, '--tail', '16')).out).toBe('second ␛[2Jline')
  const stop = new AbortController()
  const lines: string[] = []
  await home.runOn(
    {
      live: true,
      context: { signal: stop.signal },
      onOut: (text) => {
        lines.push(text)
        if (lines.length === 1) {
          appendFileSync(path, 'thi')
          appendFileSync(path, 'rd\n')
        } else stop.abort()
      },
    },
    ...['log', id, '-f'],
  )
  expect(lines.at(-1)).toBe('third')
})

test('a surface that answers once says so of what would go on', async () => {
  const { run, create } = await newHome()
  const id = await create('x')
  for (const argv of [['watch'], ['tail', id], ['log', id, '--follow']]) {
    const { code, out, err } = await run(...argv)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('use it in a terminal')
  }
})
