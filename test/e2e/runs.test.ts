import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { isAlive } from '../../src/lib/process.ts'
import { sql } from '../../src/store/sql.ts'
import { allOver, type Home, logOf, makeHome } from './home.ts'

/** The worker of the task's latest run, once it is at work. */
function workerOf(home: Home, task: string): Promise<{ pid: number; start: string }> {
  return home.until(`${task} has a worker`, async (reader) => {
    const run = await reader.get<{ pid: number; start: string }>(sql`
      select worker_pid as pid, process_start as start from task_runs
      where task_id = ${task} and worker_pid is not null order by id desc limit 1`)
    return run
  })
}

const kindsOf = (shown: { events: readonly { kind: string }[] }): string[] =>
  shown.events.map((event) => event.kind)

test('a worker completes its task in its workspace and its child starts with the result', async () => {
  const home = await makeHome()
  await home.profile(
    'first',
    'pwd; hermes kanban complete "$HERMES_KANBAN_TASK" --summary "found it" --metadata \'{"n": 3}\'',
  )
  await home.profile(
    'second',
    'cat > brief.txt; hermes-kanban complete "$HERMES_KANBAN_TASK" --result ok',
  )
  const parent = await home.create('look', '--assignee', 'first')
  const child = await home.create('tell', '--assignee', 'second', '--parent', parent)
  await home.gateway()
  await home.comes(child, 'done')
  await allOver(home)
  const shown = await home.comes(child, 'done')
  expect(shown.runs).toMatchObject([{ outcome: 'completed', exit_code: 0, profile: 'second' }])
  const workspace = shown.runs[0]?.workspace ?? ''
  const brief = await readFile(join(workspace, 'brief.txt'), 'utf8')
  expect(brief).toContain('found it')
  expect(brief).toContain('{"n":3}')
  expect(await logOf(home, parent)).toContain(join(home.board.workspaces, parent))
  expect(kindsOf(await home.comes(parent, 'done'))).toEqual([
    'created',
    'claimed',
    'spawned',
    'completed',
  ])
})

test('a question waits for a person, and its answer reaches the next run', async () => {
  const home = await makeHome()
  await home.profile(
    'writer',
    `if grep -q '^for the board$'
     then hermes kanban complete "$HERMES_KANBAN_TASK" --summary written
     else hermes kanban block "$HERMES_KANBAN_TASK" 'for whom?'; fi`,
  )
  const task = await home.create('write', '--assignee', 'writer')
  await home.gateway()
  const asked = await home.comes(task, 'blocked')
  expect(asked.task.block_kind).toBe('needs_input')
  expect(asked.comments.map((comment) => comment.body)).toEqual(['BLOCKED: for whom?'])
  expect((await home.hermes('kanban', 'why', task)).out).toContain('for whom?')
  await home.hermes('kanban', 'comment', task, 'for the board')
  expect((await home.hermes('kanban', 'unblock', task)).code).toBe(0)
  const done = await home.comes(task, 'done')
  expect(done.runs.map((run) => run.outcome)).toEqual(['blocked', 'completed'])
  await allOver(home)
})

test('a worker that crashes is tried again and told what happened', async () => {
  const home = await makeHome()
  await home.profile(
    'flaky',
    `if grep -q 'Attempt 1: crashed'; then hermes kanban complete "$HERMES_KANBAN_TASK" --summary "second try"
     else for page in $(seq 99); do echo "page $page"; done; echo 'no dictionary' >&2; exit 7; fi`,
  )
  const task = await home.create('try', '--assignee', 'flaky')
  await home.gateway()
  await home.comes(task, 'done')
  await allOver(home)
  const shown = await home.comes(task, 'done')
  expect(shown.runs).toMatchObject([
    {
      outcome: 'crashed',
      exit_code: 7,
      error: expect.stringMatching(/^exit code 7: no dictionary\n(page \d+\n)+page 99$/),
    },
    { outcome: 'completed', exit_code: 0 },
  ])
  expect(shown.task.consecutive_failures).toBe(0)
  const { out } = await home.hermes('kanban', 'context', task)
  expect(out).toContain('Attempt 1: crashed')
  expect(out).toContain('no dictionary')
})

test('a worker that ignores SIGTERM is killed at its limit', async () => {
  const home = await makeHome('  failure_limit: 1\n')
  await home.profile('deaf', 'trap "" TERM; while :; do sleep 0.1; done')
  const task = await home.create('hang', '--assignee', 'deaf', '--max-runtime', '1s')
  await home.gateway()
  const worker = await workerOf(home, task)
  const shown = await home.comes(task, 'blocked')
  await allOver(home)
  expect(isAlive(worker.pid, worker.start)).toBe(false)
  expect(shown.task.block_kind).toBe('breaker')
  expect(shown.runs).toMatchObject([{ outcome: 'gave_up', exit_signal: 'SIGKILL' }])
  const gaveUp = shown.events.find((event) => event.kind === 'gave_up')
  expect(gaveUp?.payload).toMatchObject({
    failures: 1,
    trigger_outcome: 'timed_out',
    effective_limit: 1,
    limit_source: 'config',
  })
})

test('a worker that ends well without a word is blocked at once', async () => {
  const home = await makeHome()
  // The end of what it leaves behind in its group belongs to it.
  await home.profile('silent', '(sleep 0.5; echo all fine here) &')
  const task = await home.create('say', '--assignee', 'silent')
  await home.gateway()
  const shown = await home.comes(task, 'blocked')
  expect(shown.task.block_kind).toBe('protocol')
  expect(kindsOf(shown).slice(-2)).toEqual(['protocol_violation', 'gave_up'])
  expect(shown.runs[0]?.error).toBe('ended without complete or block: all fine here')
  await allOver(home)
})

test('what is put on a board that was made a moment ago starts without waiting for the next pass', async () => {
  const home = await makeHome('  dispatch_interval_seconds: 3600\n')
  await home.profile('painter', 'hermes kanban complete "$HERMES_KANBAN_TASK" --summary done')
  await home.gateway()
  await home.hermes('kanban', 'boards', 'create', 'second')
  const task = await home.create('x', '--assignee', 'painter', '--board', 'second')
  const show = ['kanban', 'show', task, '--board', 'second', '--json']
  for (;;) {
    const { out } = await home.hermes(...show)
    if (JSON.parse(out).task.status === 'done') break
  }
})

test('a quota is no failure: the task waits and is not counted', async () => {
  const home = await makeHome()
  await home.profile('busy', 'echo "limit reached"; exit 75')
  const task = await home.create('ask', '--assignee', 'busy')
  await home.gateway()
  const shown = await home.until('the quota was met', async (reader) => {
    const { show } = await import('../../src/board/show.ts')
    const now = await show(reader, task, 20)
    return now.task.status === 'ready' && now.runs.length === 1 && now
  })
  expect(shown.runs).toMatchObject([{ outcome: 'rate_limited', exit_code: 75 }])
  expect(shown.task.consecutive_failures).toBe(0)
  expect(shown.task.not_before).toBeGreaterThan(Date.now() / 1000 + 200)
  expect((await home.hermes('kanban', 'why', task)).out).toMatch(/tried again in [345] m/)
})

test('a dispatcher that is killed is replaced by one that takes over what runs', async () => {
  const home = await makeHome()
  await home.profile(
    'steady',
    'until [ -e go ]; do sleep 0.05; done; hermes kanban complete "$HERMES_KANBAN_TASK" --summary steady',
  )
  const task = await home.create('last', '--assignee', 'steady')
  const first = await home.gateway()
  const worker = await workerOf(home, task)
  await first.end('SIGKILL')
  const second = await home.gateway()
  expect(isAlive(worker.pid, worker.start)).toBe(true)
  const workspace = join(home.board.workspaces, task)
  await (await import('node:fs/promises')).writeFile(join(workspace, 'go'), '')
  const shown = await home.comes(task, 'done')
  await allOver(home)
  expect(shown.runs).toMatchObject([{ outcome: 'completed', worker_pid: worker.pid }])
  expect(second.log()).not.toContain('error')
})

test('a second dispatcher of the same home says who the first one is', async () => {
  const home = await makeHome()
  const first = await home.gateway()
  const { code, err } = await home.hermes('gateway', 'run')
  expect(code).toBe(1)
  expect(err).toContain(`process ${first.pid} is the gateway of ${home.root} already`)
  expect((await home.hermes('gateway', 'status')).code).toBe(0)
  await first.end('SIGTERM')
  expect((await home.hermes('gateway', 'status')).code).toBe(3)
})

test('when its runner is killed the worker and all it started are ended and the run is counted', async () => {
  const home = await makeHome()
  await home.profile('parent', 'setsid sleep 300 & sleep 300')
  const task = await home.create('hold', '--assignee', 'parent', '--max-retries', '1')
  await home.gateway()
  const worker = await workerOf(home, task)
  const runner = await home.board.store.read((reader) =>
    reader.get<{ runner_pid: number }>(
      sql`select runner_pid from task_runs where task_id = ${task}`,
    ),
  )
  process.kill(runner?.runner_pid ?? 0, 'SIGKILL')
  const shown = await home.comes(task, 'blocked')
  await allOver(home)
  expect(isAlive(worker.pid, worker.start)).toBe(false)
  expect(shown.events.at(-1)).toMatchObject({
    kind: 'gave_up',
    payload: { trigger_outcome: 'crashed', limit_source: 'task' },
  })
})

test('a task that a person puts away takes its worker with it', async () => {
  const home = await makeHome()
  await home.profile('long', 'sleep 300 & sleep 300')
  const task = await home.create('never', '--assignee', 'long')
  await home.gateway()
  const worker = await workerOf(home, task)
  expect((await home.hermes('kanban', 'archive', task)).out).toContain(`Archived ${task}`)
  await allOver(home)
  expect(isAlive(worker.pid, worker.start)).toBe(false)
  const shown = await home.comes(task, 'archived')
  expect(shown.runs).toMatchObject([{ outcome: 'reclaimed', summary: 'archived' }])
})

test('a worker whose task another program has deleted is ended', async () => {
  const home = await makeHome()
  await home.profile('long', 'sleep 300')
  const task = await home.create('never', '--assignee', 'long')
  await home.gateway()
  const worker = await workerOf(home, task)
  await home.board.store.write(async (tx) => {
    await tx.run(sql`delete from task_events where task_id = ${task}`)
    await tx.run(sql`delete from task_runs where task_id = ${task}`)
    await tx.run(sql`delete from tasks where id = ${task}`)
  })
  await goneSoon(worker)
})

test('a worker whose board somebody has removed is ended, and its runner with it', async () => {
  const home = await makeHome()
  await home.profile('long', 'sleep 300')
  const task = await home.create('never', '--assignee', 'long')
  const gateway = await home.gateway()
  const worker = await workerOf(home, task)
  const run = await home.board.store.read((reader) =>
    reader.get<{ pid: number; start: string }>(sql`
      select runner_pid as pid, runner_start as start from task_runs where task_id = ${task}`),
  )
  await gateway.end('SIGKILL')
  const { database } = home.board
  await rename(database, `${database}.elsewhere`)
  await goneSoon(worker)
  await goneSoon(run ?? worker)
  await rename(`${database}.elsewhere`, database)
})

/** Nobody is left to write down its end. */
async function goneSoon({ pid, start }: { pid: number; start: string }): Promise<void> {
  while (isAlive(pid, start)) await pause(20)
}

test('what a worker leaves running is ended with it', async () => {
  const home = await makeHome()
  await home.profile(
    'litter',
    `setsid sh -c 'echo $$ > stray; exec sleep 300' & until [ -s stray ]; do sleep 0.02; done
     hermes kanban complete "$HERMES_KANBAN_TASK" --summary done`,
  )
  const task = await home.create('drop', '--assignee', 'litter')
  await home.gateway()
  await home.comes(task, 'done')
  await allOver(home)
  const stray = await readFile(join(home.board.workspaces, task, 'stray'), 'utf8')
  expect(isAlive(Number(stray), null)).toBe(false)
})

test('a profile whose command does not exist is held, and why says what to mend', async () => {
  const home = await makeHome()
  const { mkdir, writeFile } = await import('node:fs/promises')
  await mkdir(join(home.root, 'profiles', 'ghost'), { recursive: true })
  await writeFile(
    join(home.root, 'profiles', 'ghost', 'config.yaml'),
    'kanban:\n  command: [no-such-program-anywhere]\n',
  )
  const task = await home.create('spook', '--assignee', 'ghost')
  const { out } = await home.hermes('kanban', 'dispatch')
  expect(out).toContain('Spawned:      0')
  const why = await home.hermes('kanban', 'why', task)
  expect(why.out).toContain('no-such-program-anywhere is not on the PATH')
  expect((await home.comes(task, 'ready')).task.consecutive_failures).toBe(0)
})

test('a workspace that cannot be made is a failure of the task, in one sentence', async () => {
  const home = await makeHome()
  await home.profile('any', 'true')
  const task = await home.create(
    'where',
    '--assignee',
    'any',
    '--workspace',
    'dir:/proc/nowhere',
    '--max-retries',
    '1',
  )
  await home.hermes('kanban', 'dispatch')
  const shown = await home.comes(task, 'blocked')
  expect(shown.task.last_failure_error).toMatch(
    /^cannot use the workspace \/proc\/nowhere: [^\n]+$/,
  )
  await allOver(home)
})

test('a pass by hand starts work without any dispatcher, and a dry run says the same before', async () => {
  const home = await makeHome('  max_workers: 1\n')
  await home.profile('one', 'hermes kanban complete "$HERMES_KANBAN_TASK" --summary one')
  const first = await home.create('first', '--assignee', 'one', '--priority', '5')
  await home.create('second', '--assignee', 'one')
  await home.create('third')
  await home.create('fourth', '--assignee', 'nobody-here')
  const dry = JSON.parse((await home.hermes('kanban', 'dispatch', '--dry-run', '--json')).out)
  const real = JSON.parse((await home.hermes('kanban', 'dispatch', '--json')).out)
  expect(dry.spawned.map((start: { task_id: string }) => start.task_id)).toEqual([first])
  expect(real).toEqual(dry)
  expect(real.skipped).toEqual({ unassigned: 1, nonspawnable: 1, capped: 1, held: 0 })
  await home.comes(first, 'done')
  await allOver(home)
})

test('a worker can act on its own task only', async () => {
  const home = await makeHome()
  const other = await home.create('not yours')
  await home.profile(
    'nosy',
    `hermes kanban complete ${other} --summary mine; echo "code $?"
     hermes kanban archive ${other}; echo "code $?"
     hermes kanban --board other list; echo "code $?"
     hermes kanban comment "$HERMES_KANBAN_TASK" hello --author boss; echo "code $?"
     hermes kanban complete "$HERMES_KANBAN_TASK" --summary own`,
  )
  const task = await home.create('look around', '--assignee', 'nosy')
  await home.gateway()
  await home.comes(task, 'done')
  const log = await logOf(home, task)
  expect(log).toContain(`${other} is not your task: you work on ${task}`)
  expect(log).toContain('archive is not for workers')
  expect(log).toContain('--board other cannot be used inside a worker')
  expect(log).toContain('the name boss cannot be used inside a worker')
  expect(log.match(/code 1/g)).toHaveLength(4)
  expect((await home.comes(other, 'ready')).runs).toEqual([])
  await allOver(home)
})
