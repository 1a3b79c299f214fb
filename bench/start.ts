import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Board } from '../src/board/board.ts'
import { create } from '../src/board/create.ts'
import type { NewTask } from '../src/model/task.ts'
import { sql } from '../src/store/sql.ts'
import type { Measurement } from './bench.ts'
import { boardIn, input } from './boards.ts'
import { bundled, end, environmentOn } from './bundle.ts'
import { diskFolder } from './folders.ts'
import { median, range } from './measure.ts'
import { memoryOf } from './memory.ts'

const agentProgram = fileURLToPath(new URL('../test/acp/agent-program.ts', import.meta.url))

/** From a task that is ready to the first act of its worker, with a gateway that idles; what both hold in memory. */
export const start: Measurement = async function* ({ quick }) {
  const root = diskFolder()
  const began = 'date +%s%N > "$HERMES_KANBAN_WORKSPACE/began"'
  const agent = (scene: string) =>
    `exec ${JSON.stringify(process.execPath)} ${JSON.stringify(agentProgram)} ${scene}`
  profile(root, 'timed', { command: began })
  profile(root, 'waiting', { command: 'exec sleep 600' })
  profile(root, 'timed-acp', { runtime: 'timed-acp' })
  profile(root, 'waiting-acp', { runtime: 'waiting-acp' })
  settings(root, {
    runtimes: {
      'timed-acp': { driver: 'acp', command: ['/bin/sh', '-c', `${began}; ${agent('ok')}`] },
      'waiting-acp': { driver: 'acp', command: ['/bin/sh', '-c', agent('silent')] },
    },
  })
  const repository = repositoryIn(root)
  const board = await boardIn(root)
  const gateway = await startGateway(root)
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const runners = new Set<number>()
  // On Ctrl-C nothing below is reached, and the folders go last.
  process.prependOnceListener('exit', () => {
    gateway.kill()
    bare.kill()
    for (const runner of runners) process.kill(runner, 'SIGTERM')
  })
  try {
    const starts = async (task: Partial<NewTask>) => {
      const samples: number[] = []
      for (const _ of range(quick ? 2 : 20)) samples.push(await startOf(board, task))
      return median(samples)
    }
    const ours = await starts({ assignee: 'timed' })
    yield { name: 'ready → worker started', unit: 'ms', ours, target: { atMost: 100 } }
    const treed = { assignee: 'timed', workspace: { kind: 'worktree', path: repository } } as const
    yield { name: 'the same, in a git worktree', unit: 'ms', ours: await starts(treed) }
    const spoken = await starts({ assignee: 'timed-acp' })
    yield { name: 'the same, an agent over ACP', unit: 'ms', ours: spoken }

    const floor = memoryOf(bare.pid)
    const idle = memoryOf(gateway.pid)
    const mb = 'MB' as const
    const name = 'memory, idle gateway'
    yield { name, unit: mb, ours: idle.resident, floor: floor.resident, target: { atMost: 90 } }
    yield { name: `${name}, its own share`, unit: mb, ours: idle.share, floor: floor.share }

    for (const [of, assignee, atMost] of [
      ['memory, runner', 'waiting', 60],
      ['memory, runner of an agent over ACP', 'waiting-acp', 110],
    ] as const) {
      const runner = await runnerOf(board, assignee)
      runners.add(runner)
      const busy = memoryOf(runner)
      yield { name: of, unit: mb, ours: busy.resident, floor: floor.resident, target: { atMost } }
      yield { name: `${of}, its own share`, unit: mb, ours: busy.share, floor: floor.share }
    }
  } finally {
    bare.kill()
    await end(gateway)
    for (const runner of runners) await endRunner(board, runner)
    runners.clear()
    await board.store.close()
  }
}

function profile(root: string, name: string, kanban: object): void {
  settings(join(root, 'profiles', name), kanban)
}

function settings(folder: string, kanban: object): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.yaml'), JSON.stringify({ kanban }))
}

function repositoryIn(root: string): string {
  const folder = join(root, 'repository')
  const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...words])
  execFileSync('git', ['init', '-q', folder])
  git('-c', 'user.name=b', '-c', 'user.email=b@b', 'commit', '-q', '--allow-empty', '-m', 'first')
  return folder
}

async function startGateway(root: string): Promise<ChildProcess> {
  const gateway = spawn(process.execPath, [await bundled(), 'gateway', 'run'], {
    env: environmentOn(root),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  // Read to its end: what it says later would else end it.
  let said = ''
  const { promise: dispatching, resolve, reject } = Promise.withResolvers<void>()
  gateway.stderr.setEncoding('utf8').on('data', (part) => {
    said += part
    if (said.includes('dispatching')) resolve()
  })
  gateway.once('exit', () => reject(new Error(`the gateway did not start: ${said}`)))
  await dispatching
  return gateway
}

/** Milliseconds between the commit and the worker's own clock. */
async function startOf(board: Board, task: Partial<NewTask>): Promise<number> {
  const id = await createFor(board, task)
  const committed = performance.timeOrigin + performance.now()
  // Its task is done when the worker is, and the machine idles again when the runner is gone as well.
  const { workspace } = await until(board, async (reader) =>
    reader.get<{ workspace: string }>(sql`
      select workspace from task_runs where task_id = ${id} and exited_at is not null`),
  )
  return Number(readFileSync(join(workspace, 'began'), 'utf8')) / 1e6 - committed
}

/** The process of a runner whose worker is at work; one over ACP has its session. */
async function runnerOf(board: Board, assignee: string): Promise<number> {
  const id = await createFor(board, { assignee })
  const run = await until(board, (reader) =>
    reader.get<{ runner_pid: number }>(sql`
      select runner_pid from task_runs
      where task_id = ${id} and worker_pid is not null
        and (runtime = 'command' or agent_session is not null)`),
  )
  return run.runner_pid
}

async function createFor(board: Board, task: Partial<NewTask>): Promise<string> {
  return (await board.store.write((tx) => create(tx, { ...input, ...task }, 'user'))).id
}

/** What `look` finds, as soon as it finds anything. */
async function until<T>(
  { store }: Board,
  look: Parameters<typeof store.read<T | undefined>>[0],
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const again = () =>
    store.read(look).then((found) => found !== undefined && resolve(found), reject)
  const stop = store.watch(again)
  // A watch alone keeps no process alive.
  const alive = setInterval(again, 1000)
  void again()
  try {
    return await promise
  } finally {
    clearInterval(alive)
    stop()
  }
}

/** It ends its worker first, and tells the board. */
async function endRunner(board: Board, pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM')
  await until(board, (reader) =>
    reader.get(sql`select 1 from task_runs where runner_pid = ${pid} and exited_at is not null`),
  )
}
