import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Board } from '../src/board/board.ts'
import { create } from '../src/board/create.ts'
import { sql } from '../src/store/sql.ts'
import type { Measurement } from './bench.ts'
import { boardIn, input } from './boards.ts'
import { bundled, environmentOn } from './bundle.ts'
import { diskFolder } from './folders.ts'
import { median, range } from './measure.ts'
import { memoryOf } from './memory.ts'

/** From a task that is ready to the first act of its worker, with a gateway that idles; what both hold in memory. */
export const start: Measurement = async function* ({ quick }) {
  const root = diskFolder()
  profile(root, 'timed', `date +%s%N > "$HERMES_KANBAN_WORKSPACE/began"`)
  profile(root, 'waiting', 'exec sleep 600')
  const board = await boardIn(root)
  const gateway = await startGateway(root)
  const bare = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  let runner: number | undefined
  // On Ctrl-C nothing below is reached, and the folders go last.
  process.prependOnceListener('exit', () => {
    gateway.kill()
    bare.kill()
    if (runner !== undefined) process.kill(runner, 'SIGTERM')
  })
  try {
    const samples: number[] = []
    for (const _ of range(quick ? 2 : 20)) samples.push(await startOf(board))
    const ours = median(samples)
    yield { name: 'ready → worker started', unit: 'ms', ours, target: { atMost: 100 } }

    const floor = memoryOf(bare.pid)
    const idle = memoryOf(gateway.pid)
    const mb = 'MB' as const
    const name = 'memory, idle gateway'
    yield { name, unit: mb, ours: idle.resident, floor: floor.resident, target: { atMost: 90 } }
    yield { name: `${name}, its own share`, unit: mb, ours: idle.share, floor: floor.share }

    runner = await runnerOf(board, 'waiting')
    const busy = memoryOf(runner)
    const of = 'memory, runner'
    yield { name: of, unit: mb, ours: busy.resident, floor: floor.resident, target: { atMost: 60 } }
    yield { name: `${of}, its own share`, unit: mb, ours: busy.share, floor: floor.share }
  } finally {
    bare.kill()
    await end(gateway)
    if (runner !== undefined) await endRunner(board, runner)
    runner = undefined
    await board.store.close()
  }
}

function profile(root: string, name: string, command: string): void {
  const folder = join(root, 'profiles', name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.yaml'), `kanban:\n  command: ${JSON.stringify(command)}\n`)
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
async function startOf(board: Board): Promise<number> {
  const id = await createFor(board, 'timed')
  const committed = performance.timeOrigin + performance.now()
  // Its task is done when the worker is, and the machine idles again when the runner is gone as well.
  await until(board, async (reader) =>
    reader.get(sql`select 1 from task_runs where task_id = ${id} and exited_at is not null`),
  )
  const began = readFileSync(join(board.workspaces, id, 'began'), 'utf8')
  return Number(began) / 1e6 - committed
}

/** The process of a runner whose worker is at work. */
async function runnerOf(board: Board, assignee: string): Promise<number> {
  const id = await createFor(board, assignee)
  const run = await until(board, (reader) =>
    reader.get<{ runner_pid: number }>(sql`
      select runner_pid from task_runs where task_id = ${id} and worker_pid is not null`),
  )
  return run.runner_pid
}

async function createFor(board: Board, assignee: string): Promise<string> {
  return (await board.store.write((tx) => create(tx, { ...input, assignee }, 'user'))).id
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

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

/** It ends its worker first, and tells the board. */
async function endRunner(board: Board, pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM')
  await until(board, (reader) =>
    reader.get(sql`select 1 from task_runs where runner_pid = ${pid} and exited_at is not null`),
  )
}
