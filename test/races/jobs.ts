/** What one process of a race does, and what it says that it did. */

import { block, unblock } from '../../src/board/block.ts'
import { openBoard } from '../../src/board/board.ts'
import { type Claim, claim } from '../../src/board/claim.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { create } from '../../src/board/create.ts'
import { heartbeat } from '../../src/board/heartbeat.ts'
import { link } from '../../src/board/links.ts'
import { reclaim, release } from '../../src/board/reclaim.ts'
import { settle } from '../../src/board/settle.ts'
import { adoptRun, start } from '../../src/board/start.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { token } from '../../src/lib/ids.ts'
import type { End } from '../../src/model/end.ts'
import { BoardError, type ErrorCode } from '../../src/model/error.ts'
import { claimLock } from '../../src/model/lock.ts'
import type { Fence } from '../../src/model/run.ts'
import { newTask } from '../../src/model/task.ts'
import { outlast, outlasting } from '../../src/store/outlasting.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store, Tx } from '../../src/store/store.ts'
import type { Place } from '../support/places.ts'

export type Job =
  /** Puts some tasks on the board, and claims and completes what there is until all is done. */
  | { readonly do: 'finish'; readonly bring: number }
  /** The same by all the ways in which a run can go. */
  | { readonly do: 'struggle'; readonly seed: number }
  /** Frees what is stuck, and now and then what is not. */
  | { readonly do: 'oversee'; readonly seed: number }
  | { readonly do: 'link'; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly do: 'claim'; readonly tasks: readonly string[] }
  | { readonly do: 'create'; readonly keys: readonly string[] }

/** What a process knows to have done; the board must agree. */
export interface Report {
  readonly runs: Record<number, string>
  readonly completed: string[]
  readonly created: string[]
  readonly comments: number
  readonly refusals: Partial<Record<ErrorCode, number>>
}

/** Refusals that are an answer to somebody who was late. Any other is a fault. */
const late: readonly ErrorCode[] = ['wrong_status', 'run_ended', 'still_ending', 'meaningless']
const policy = { limit: 1_000, source: 'default', delay: 0 } as const
const installation = `peer+${process.pid}`

/** Nobody gives up here: a server that is gone comes back, and then it is known what it had. */
const never = new AbortController().signal
const doubt = 600_000

/** Opens the board as any program does, and leaves it closed. */
export async function doJob(place: Place, job: Job): Promise<Report> {
  const { store } = await outlast(never, () => openBoard(boardAt(place), systemClock, { doubt }))
  const report = { runs: {}, completed: [], created: [], comments: 0, refusals: {} }
  const peer: Peer = {
    store: outlasting(store, never),
    report,
    random: 'seed' in job ? dice(job.seed) : Math.random,
  }
  try {
    await jobs[job.do](peer, job as never)
    return report
  } finally {
    await store.close()
  }
}

function boardAt(place: Place) {
  const folders = { workspaces: '/nowhere', logs: '/nowhere' }
  return place.dialect === 'sqlite'
    ? { slug: 'race', database: place.file, ...folders }
    : { slug: place.schema.replace(/^kanban_/, ''), database: place.url, ...folders }
}

interface Peer {
  readonly store: Store
  readonly report: Report & { comments: number }
  readonly random: () => number
}

type Todo<Kind> = Extract<Job, { readonly do: Kind }>

const jobs: { readonly [Kind in Job['do']]: (peer: Peer, job: Todo<Kind>) => Promise<void> } = {
  async finish(peer, { bring }) {
    for (let n = 0; n < bring; n += 1) {
      peer.report.created.push(await peer.store.write((tx) => bringTask(tx, [])))
    }
    await whileOpen(peer, async (id) => {
      const fence = await claimOne(peer, id)
      if (fence !== undefined) await finish(peer, id, fence)
    })
  },

  async struggle(peer) {
    await whileOpen(peer, async (id) => {
      const fence = await claimOne(peer, id, peer.random() < 0.5 ? 900 : 0)
      if (fence !== undefined) await oneOf(ways, peer)(peer, id, fence)
    })
  },

  async oversee(peer) {
    await untilAllIsDone(peer, async () => {
      const stuck = await peer.store.read((reader) =>
        reader.all<Stuck>(sql`
          select id, status, current_run_id as run, claim_expires as expires from tasks
          where status in ('running', 'blocked') order by id`),
      )
      for (const one of stuck) await free(peer, one)
      return stuck.length > 0
    })
  },

  async link(peer, { pairs }) {
    for (const [parent, child] of pairs) await attempt(peer, (tx) => link(tx, parent, child))
  },

  async claim(peer, { tasks }) {
    for (const id of tasks) await claimOne(peer, id)
  },

  async create(peer, { keys }) {
    for (const key of keys) {
      const input = newTask.parse({ title: `once ${key}`, idempotency_key: key })
      const made = await peer.store.write((tx) => create(tx, input, 'peer'))
      peer.report.created.push(`${made.id} ${key} ${made.created}`)
    }
  },
}

type Way = (peer: Peer, id: string, fence: Fence) => Promise<unknown>

/** What a worker may come to do. */
const ways: readonly Way[] = [
  finish,
  finish,
  finish,
  async (peer, id, fence) => {
    await attempt(peer, (tx) => heartbeat(tx, id, { fence, note: 'half way', ttl: 900 }))
    await finish(peer, id, fence)
  },
  async (peer, id, fence) => {
    if (await attempt(peer, (tx) => block(tx, id, { fence, reason: 'which one?' }))) {
      peer.report.runs[fence.run] = 'blocked'
    }
  },
  (peer, id, fence) => end(peer, id, fence, 1, 'crashed'),
  (peer, id, fence) => end(peer, id, fence, 75, 'rate_limited'),
  async (peer, id, fence) => {
    // In one unit with a sign of life: once its run was taken and all is done, nobody waits for more.
    let made: string | undefined
    await attempt(peer, async (tx) => {
      made = undefined
      await heartbeat(tx, id, { fence, ttl: 900 })
      if (peer.report.created.length < 5) made = await bringTask(tx, [id])
    })
    if (made !== undefined) peer.report.created.push(made)
    await finish(peer, id, fence)
  },
  async (peer, id, fence) => {
    const child = await anyOf(peer, 'todo', 'ready')
    if (child !== undefined) await attempt(peer, (tx) => link(tx, id, child))
    await finish(peer, id, fence)
  },
  async (peer, id, fence) => {
    await peer.store.write((tx) => comment(tx, id, 'peer', 'a word'))
    peer.report.comments += 1
    await finish(peer, id, fence)
  },
  // Walks away; the overseer frees it. Whoever returns when it is too late is told so.
  async () => {},
]

async function finish(peer: Peer, id: string, fence: Fence): Promise<void> {
  const summary = `by ${process.pid}`
  if (await attempt(peer, (tx) => complete(tx, id, { fence, summary }))) {
    peer.report.runs[fence.run] = 'completed'
    peer.report.completed.push(id)
  }
}

async function end(peer: Peer, id: string, fence: Fence, code: number, as: string): Promise<void> {
  const pid = process.pid
  if (!(await peer.store.write((tx) => adoptRun(tx, fence, { pid, start: 'boot:1' })))) return
  await attempt(peer, (tx) => start(tx, id, fence, { pid, start: 'boot:1', workspace: '/tmp' }))
  const how: End = { how: 'exited', pid, exit: { code, signal: null }, said: 'no' }
  const mine = await peer.store.write(async (tx) => {
    const open = await tx.get(
      sql`select 1 from task_runs where id = ${fence.run} and ended_at is null`,
    )
    await settle(tx, id, fence, how, policy)
    return open !== undefined
  })
  if (mine) peer.report.runs[fence.run] = as
}

interface Stuck {
  readonly id: string
  readonly status: string
  readonly run: number
  readonly expires: number
}

async function free(peer: Peer, { id, status, run, expires }: Stuck): Promise<void> {
  const gone = { host_local: false, terminated: false, sigkill: false }
  if (status === 'blocked') await attempt(peer, (tx) => unblock(tx, id))
  else if (expires <= systemClock()) await attempt(peer, (tx) => release(tx, id, run, gone))
  else if (peer.random() < 0.3) await attempt(peer, (tx) => reclaim(tx, id, 'overseer'))
}

async function bringTask(tx: Tx, parents: readonly string[]): Promise<string> {
  const input = newTask.parse({ title: `from ${process.pid}`, parents })
  return (await create(tx, input, 'peer')).id
}

async function claimOne(peer: Peer, id: string, ttl = 900): Promise<Fence | undefined> {
  const lock = claimLock('peer', process.pid, token())
  const how: Claim = { lock, ttl, host: installation, here: installation }
  let run: number | null = null
  await attempt(peer, async (tx) => {
    // Of an attempt whose commit was lost nothing counts.
    run = null
    const claimed = await claim(tx, id, how)
    run = claimed.run
    if (claimed.run === null) throw claimed.refusal
  })
  if (run === null) return undefined
  peer.report.runs[run] = 'left'
  return { run, lock }
}

/** False when somebody else was there first, which is counted. Whatever else is wrong is thrown. */
async function attempt(peer: Peer, act: (tx: Tx) => Promise<unknown>): Promise<boolean> {
  try {
    await peer.store.write(act)
    return true
  } catch (error) {
    if (!(error instanceof BoardError) || !late.includes(error.code)) throw error
    const { refusals } = peer.report
    refusals[error.code] = (refusals[error.code] ?? 0) + 1
    return false
  }
}

/** `work` is done with one task after another that is ready, until none is open. */
async function whileOpen(peer: Peer, work: (id: string) => Promise<void>): Promise<void> {
  await untilAllIsDone(peer, async () => {
    const id = await anyOf(peer, 'ready')
    if (id !== undefined) await work(id)
    return id !== undefined
  })
}

/** Looks again at once while there was something to do, else when somebody has written. */
async function untilAllIsDone({ store }: Peer, look: () => Promise<boolean>): Promise<void> {
  let ring = Promise.withResolvers<void>()
  const unwatch = store.watch(() => ring.resolve())
  // A watch keeps no process alive, and this one may have nothing else to wait for.
  const alive = setInterval(() => {}, 2 ** 31 - 1)
  try {
    for (;;) {
      ring = Promise.withResolvers<void>()
      const open = await store.read((reader) =>
        reader.get(sql`select 1 from tasks where status not in ('done', 'archived') limit 1`),
      )
      if (open === undefined) return
      if (!(await look())) await ring.promise
    }
  } finally {
    unwatch()
    clearInterval(alive)
  }
}

/** One of the first few, for all want the first. */
async function anyOf({ store, random }: Peer, ...statuses: string[]): Promise<string | undefined> {
  const [one, other = one] = statuses
  const tasks = await store.read((reader) =>
    reader.all<{ id: string }>(sql`
      select id from tasks where status in (${one ?? ''}, ${other ?? ''}) order by id limit 4`),
  )
  return tasks[Math.floor(random() * tasks.length)]?.id
}

function oneOf<T>(all: readonly T[], { random }: Peer): T {
  return all[Math.floor(random() * all.length)] as T
}

/** Numbers from 0 to 1 that are the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
