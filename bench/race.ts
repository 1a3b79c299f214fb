import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { sql } from '../src/store/sql.ts'
import type { Measurement } from './bench.ts'
import { boardIn, fill } from './boards.ts'
import { diskFolder } from './folders.ts'
import { median, range } from './measure.ts'

const racers = 4
const program = fileURLToPath(new URL('race-program.ts', import.meta.url))

/** Processes that take the next ready task, each in a unit of work of its own, as fast as they can. */
export const race: Measurement = async function* ({ quick }) {
  const ms = quick ? 200 : 2000
  const rounds = quick ? 1 : 5
  const ratios: number[] = []
  const totals: number[] = []
  const alone: number[] = []
  const smallest: number[] = []
  for (const _ of range(rounds)) {
    const [single = 0] = await claimed(1, ms)
    const shares = await claimed(racers, ms)
    const total = shares.reduce((sum, share) => sum + share, 0)
    alone.push((single / ms) * 1000)
    totals.push((total / ms) * 1000)
    ratios.push(total / single)
    smallest.push((Math.min(...shares) / total) * racers)
  }
  yield {
    name: `claims of ${racers} processes, of 1`,
    unit: '/s',
    ours: median(totals),
    floor: median(alone),
    ratio: median(ratios),
    target: { ratioAtLeast: 0.8 },
  }
  yield {
    name: 'the smallest share, of an equal one',
    unit: '/s',
    ours: (median(totals) / racers) * Math.min(...smallest),
    floor: median(totals) / racers,
    ratio: Math.min(...smallest),
    target: { ratioAtLeast: 0.5 },
  }
}

/** How many tasks each of `count` processes took in `ms`. Throws when one was lost or taken twice. */
async function claimed(count: number, ms: number): Promise<number[]> {
  const board = await boardIn(diskFolder())
  fill(board, [{ name: 't', status: 'ready', count: 15 * ms, assignees: ['writer'] }])
  const started = await Promise.all(range(count).map(() => start(board.database, ms)))
  for (const racer of started) racer.go()
  const shares = await Promise.all(started.map((racer) => racer.share()))
  const found = await board.store.read((reader) =>
    reader.get<{ runs: number; tasks: number; running: number }>(sql`
      select count(*) as runs, count(distinct task_id) as tasks,
        (select count(*) from tasks where status = 'running' and current_run_id is not null) as running
      from task_runs`),
  )
  await board.store.close()
  const said = shares.reduce((sum, share) => sum + share, 0)
  if (found?.runs !== said || found.tasks !== said || found.running !== said) {
    throw new Error(`${said} claims were made, but the board has ${JSON.stringify(found)}`)
  }
  return shares
}

/** Resolves when the process has the board open. */
async function start(database: string, ms: number) {
  const child = spawn(process.execPath, [program, database, String(ms)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const exit = once(child, 'exit') as Promise<[number]>
  await lines.next()
  return {
    go: () => child.stdin.end('go\n'),
    async share(): Promise<number> {
      const { value } = await lines.next()
      const [code] = await exit
      if (code !== 0) throw new Error(`a racer ended with ${code}`)
      return Number(value)
    },
  }
}
