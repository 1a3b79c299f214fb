/** Tells what happened on a board before somebody looked at it: the board's own verbs, on a clock that the story sets. */

import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { block, unblock } from '../../src/board/block.ts'
import { type Board, openBoard, type Place } from '../../src/board/board.ts'
import { claim } from '../../src/board/claim.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { create } from '../../src/board/create.ts'
import { getTask } from '../../src/board/find.ts'
import { heartbeat } from '../../src/board/heartbeat.ts'
import { settle } from '../../src/board/settle.ts'
import { exited, start } from '../../src/board/start.ts'
import { claimLock } from '../../src/model/lock.ts'
import type { Fence } from '../../src/model/run.ts'
import { newTask } from '../../src/model/task.ts'
import type { Tx } from '../../src/store/store.ts'
import { openLog } from '../../src/workers/log.ts'

type NewTask = z.input<typeof newTask>

/** How a run ends. */
type Ending =
  | {
      readonly summary: string
      readonly result?: string
      readonly metadata?: Readonly<Record<string, unknown>>
    }
  | { readonly asks: string }
  | { readonly crashes: string; readonly code?: number; readonly signal?: string }
  | { readonly exceeds: number }
  | { readonly claims: readonly string[]; readonly summary: string }
  | { readonly saysNothing: string }

export interface Going {
  readonly minutes: number
  readonly notes?: readonly string[]
  readonly log?: readonly string[]
  readonly ends: Ending
}

export interface Teller {
  readonly board: Board
  /** So many hours before somebody looks. */
  ago(hours: number): void
  later(minutes: number): void
  make(task: NewTask, by?: string): Promise<string>
  run(task: string, going: Going): Promise<void>
  say(task: string, author: string, body: string): Promise<void>
  answer(task: string, author: string, body: string): Promise<void>
  end(): Promise<void>
}

export interface Telling {
  readonly place: Place
  readonly host: string
  /** When somebody looks, in unix seconds. */
  readonly now: number
}

const retry = { limit: 5, source: 'default', delay: 5 } as const

export async function openStory({ place, host, now }: Telling): Promise<Teller> {
  let time = now
  const board = await openBoard(place, () => time)
  const { store, logs } = board
  let pid = 4_000

  async function begin(task: string): Promise<Fence> {
    pid += 137
    const lock = claimLock(host, pid, randomBytes(16).toString('hex'))
    const claimed = await store.write((tx) =>
      claim(tx, task, { lock, ttl: 900, host, here: host, runtime: 'command' }),
    )
    if (claimed.run === null) throw claimed.refusal
    const fence = { run: claimed.run, lock }
    const worker = {
      pid: pid + 1,
      start: `story:${pid}`,
      workspace: `/home/me/.hermes/kanban/${task}`,
    }
    await store.write((tx) => start(tx, task, fence, worker))
    return fence
  }

  return {
    board,
    ago(hours) {
      time = now - Math.round(hours * 3600)
    },
    later(minutes) {
      time += Math.round(minutes * 60)
    },
    async make(task, by = 'you') {
      const id = await store.write(async (tx) => (await create(tx, newTask.parse(task), by)).id)
      // What is made in one second stands in the order of its random ids.
      time += 1
      return id
    },
    async run(task, { minutes, notes = [], log = [], ends }) {
      const fence = await begin(task)
      const { assignee } = await store.read((reader) => getTask(reader, task))
      const file = await openLog(logs, task, {
        run: fence.run,
        profile: assignee ?? 'somebody',
        now: time,
      })
      await file.appendFile(log.map((line) => `${line}\n`).join(''))
      await file.close()
      const parts = notes.length + 1
      for (const note of notes) {
        time += Math.round((minutes * 60) / parts)
        await store.write((tx) => heartbeat(tx, task, { fence, note, ttl: 900 }))
      }
      time += Math.round((minutes * 60) / parts)
      await store.write((tx) => finish(tx, task, fence, ends, log.at(-1) ?? ''))
    },
    async say(task, author, body) {
      await store.write((tx) => comment(tx, task, author, body))
    },
    async answer(task, author, body) {
      await store.write(async (tx) => {
        await comment(tx, task, author, body)
        await unblock(tx, task)
      })
    },
    end: () => store.close(),
  }
}

async function finish(tx: Tx, task: string, fence: Fence, ends: Ending, said: string) {
  const pid = 4_000
  if ('claims' in ends) {
    // Refused, and noted: then it is completed without them, as the refusal says.
    await complete(tx, task, { fence, summary: ends.summary, createdCards: ends.claims })
    await complete(tx, task, { fence, summary: ends.summary })
    return exited(tx, fence.run, { code: 0, signal: null })
  }
  if ('summary' in ends) {
    await complete(tx, task, { fence, ...ends })
    return exited(tx, fence.run, { code: 0, signal: null })
  }
  if ('asks' in ends) {
    await block(tx, task, { fence, reason: ends.asks })
    return exited(tx, fence.run, { code: 0, signal: null })
  }
  if ('exceeds' in ends) {
    const exit = { code: null, signal: 'SIGTERM' }
    const { exceeds: limit } = ends
    const end = { how: 'timed_out', pid, exit, elapsed: limit + 2, limit, sigkill: false } as const
    return settle(tx, task, fence, end, retry)
  }
  if ('saysNothing' in ends) {
    const exit = { code: 0, signal: null }
    return settle(tx, task, fence, { how: 'exited', pid, exit, said: ends.saysNothing }, retry)
  }
  const exit = {
    code: ends.signal === undefined ? (ends.code ?? 1) : null,
    signal: ends.signal ?? null,
  }
  return settle(tx, task, fence, { how: 'exited', pid, exit, said: said || ends.crashes }, retry)
}
