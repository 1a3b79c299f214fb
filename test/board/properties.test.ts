/** Whatever is done, in whatever order: the invariants hold after each step. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { assign } from '../../src/board/assign.ts'
import { block, unblock } from '../../src/board/block.ts'
import { claim } from '../../src/board/claim.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { heartbeat, renew } from '../../src/board/heartbeat.ts'
import { link, unlink } from '../../src/board/links.ts'
import { move } from '../../src/board/move.ts'
import { demoteChildren } from '../../src/board/parents.ts'
import { reclaim, release } from '../../src/board/reclaim.ts'
import { settle } from '../../src/board/settle.ts'
import { adoptRun, exited, start } from '../../src/board/start.ts'
import type { End } from '../../src/model/end.ts'
import { BoardError } from '../../src/model/error.ts'
import type { Fence } from '../../src/model/run.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store, Tx } from '../../src/store/store.ts'
import { forEachStore } from '../support/stores.ts'
import { expectInvariants } from './invariants.ts'
import { dispatched, make, stoppedClock, withSchema } from './support.ts'

/** What a sequence has made so far: steps name tasks and runs by their place in these. */
interface World {
  readonly store: Store
  readonly clock: ReturnType<typeof stoppedClock>
  readonly tasks: string[]
  readonly runs: { readonly task: string; readonly fence: Fence }[]
}

interface Step {
  readonly verb: string
  readonly task: number
  readonly other: number
}

const ends: readonly End[] = [
  { how: 'exited', pid: 7, exit: { code: 0, signal: null }, said: '' },
  { how: 'exited', pid: 7, exit: { code: 1, signal: null }, said: 'no' },
  { how: 'exited', pid: 7, exit: { code: 75, signal: null }, said: '' },
  { how: 'timed_out', pid: 7, exit: null, elapsed: 2, limit: 1, sigkill: false },
  { how: 'not_started', error: 'no', counted: true },
  { how: 'runner_gone', pid: 7 },
  { how: 'stopped', exit: null, reason: 'host restarted' },
]
const policy = { limit: 2, source: 'default', delay: 5 } as const
const worker = { pid: 7, start: 'boot:7', workspace: '/tmp' }

type Act = (tx: Tx, id: string, other: string, world: World, step: Step) => Promise<unknown>

/** One that has begun, or begins now if none has. */
async function someRun(tx: Tx, world: World, id: string, step: Step) {
  const { runs } = world
  const known = step.other % 2 === 0 ? runs.at(-1) : runs[step.other % runs.length]
  if (known !== undefined) return known
  const how = dispatched({ ttl: 60 })
  const claimed = await claim(tx, id, how)
  if (claimed.run === null) return undefined
  const run = { task: id, fence: { run: claimed.run, lock: how.lock } }
  runs.push(run)
  return run
}

const onRun =
  (act: (tx: Tx, task: string, fence: Fence, step: Step) => Promise<unknown>): Act =>
  async (tx, id, _other, world, step) => {
    const run = await someRun(tx, world, id, step)
    if (run !== undefined) await act(tx, run.task, run.fence, step)
  }

const verbs: Record<string, Act> = {
  create: async (tx, id, other, { tasks }, { other: n }) => {
    const parents = n % 3 === 0 ? [] : n % 3 === 1 ? [id] : [...new Set([id, other])]
    const key = n % 5 === 0 ? { idempotency_key: `key ${n % 2}` } : {}
    const made = await make(tx, { parents, triage: n % 7 === 0, ...key })
    if (!tasks.includes(made)) tasks.push(made)
  },
  link: (tx, id, other) => link(tx, id, other),
  unlink: (tx, id, other) => unlink(tx, id, other),
  claim: async (tx, id, _other, { runs }, { other }) => {
    const how = dispatched({ ttl: 60, host: other % 2 === 0 ? 'here+1' : null })
    const claimed = await claim(tx, id, how)
    if (claimed.run !== null) runs.push({ task: id, fence: { run: claimed.run, lock: how.lock } })
  },
  adopt: onRun((tx, _task, fence) => adoptRun(tx, fence, worker)),
  start: onRun((tx, task, fence) => start(tx, task, fence, worker)),
  renew: onRun((tx, task, fence) => renew(tx, task, fence, 60)),
  exited: onRun((tx, _task, fence) => exited(tx, fence.run, null)),
  'complete as a worker': onRun((tx, task, fence) => complete(tx, task, { fence, summary: 'so' })),
  'block as a worker': onRun((tx, task, fence) => block(tx, task, { fence, reason: 'why' })),
  'beat as a worker': onRun((tx, task, fence) => heartbeat(tx, task, { fence, ttl: 60 })),
  end: onRun((tx, task, fence, { other }) =>
    settle(tx, task, fence, ends[other % ends.length] as End, policy),
  ),
  release: onRun((tx, task, fence) =>
    release(tx, task, fence.run, { host_local: false, terminated: false, sigkill: false }),
  ),
  complete: (tx, id, _other, _world, { other }) =>
    complete(tx, id, other % 2 === 0 ? {} : { summary: 'so', createdCards: [id] }),
  block: (tx, id, _other, _world, { other }) =>
    block(tx, id, other % 2 === 0 ? {} : { reason: 'x' }),
  unblock: (tx, id) => unblock(tx, id),
  archive: (tx, id) => archive(tx, id),
  reclaim: (tx, id) => reclaim(tx, id, 'user'),
  specify: (tx, id) => move(tx, 'specify', id),
  park: (tx, id) => move(tx, 'park', id),
  settle: (tx, id) => move(tx, 'settle', id),
  reopen: async (tx, id) => {
    await move(tx, 'reopen', id)
    await demoteChildren(tx, id, 'parent_reopened')
  },
  assign: (tx, id, _other, _world, { other }) => assign(tx, id, other % 2 === 0 ? 'writer' : null),
  comment: (tx, id) => comment(tx, id, 'ann', 'a word'),
  'time passes': async (_tx, _id, _other, { clock }, { other }) => clock.pass(other - 5),
}

async function take(world: World, step: Step): Promise<void> {
  const { store, tasks } = world
  const id = tasks[step.task % tasks.length] ?? ''
  const other = tasks[step.other % tasks.length] ?? ''
  try {
    await store.write(async (tx) => verbs[step.verb]?.(tx, id, other, world, step))
  } catch (error) {
    // A refusal is an answer; anything else is a fault.
    if (!(error instanceof BoardError)) throw error
  }
}

const sequences = fc.array(
  fc.record({
    // Twice, so that there is something to do all the rest with.
    verb: fc.constantFrom(...Object.keys(verbs), 'create', 'claim', 'claim', 'end'),
    task: fc.nat(11),
    other: fc.nat(100),
  }),
  { minLength: 20, maxLength: 40, size: 'max' },
)

forEachStore((open) => {
  test('the invariants hold after each of any steps', async () => {
    const clock = stoppedClock()
    const store = await withSchema(await open({ clock }))
    const done = new Set<string>()
    const property = fc.asyncProperty(sequences, async (steps) => {
      await store.write(async (tx) => {
        for (const table of ['tasks', 'task_links', 'task_runs', 'task_events', 'task_comments']) {
          await tx.run({ strings: [`delete from ${table}`], parts: [] })
        }
      })
      const tasks = await store.write(async (tx) => [await make(tx), await make(tx)])
      const world: World = { store, clock, tasks, runs: [] }
      for (const step of steps) {
        await take(world, step)
        await store.read(expectInvariants)
      }
      const events = await store.read((reader) =>
        reader.all<{ kind: string }>(sql`select distinct kind from task_events`),
      )
      for (const { kind } of events) done.add(kind)
    })
    await fc.assert(property, { numRuns: 60 })
    // The steps are not all refused.
    for (const kind of ['claimed', 'completed', 'promoted', 'crashed', 'reclaimed', 'status']) {
      expect([...done]).toContain(kind)
    }
  })
})
