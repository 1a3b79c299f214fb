import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { assign } from '../../src/board/assign.ts'
import { backfill } from '../../src/board/backfill.ts'
import { block, unblock } from '../../src/board/block.ts'
import { claim } from '../../src/board/claim.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { edit } from '../../src/board/edit.ts'
import { breakProtocol, fail, limitRate } from '../../src/board/fail.ts'
import { heartbeat } from '../../src/board/heartbeat.ts'
import { lifecycle } from '../../src/board/lifecycle.ts'
import { lockOut } from '../../src/board/lock-out.ts'
import { move } from '../../src/board/move.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import { remove } from '../../src/board/remove.ts'
import { reopen } from '../../src/board/reopen.ts'
import { shift } from '../../src/board/shift.ts'
import { start } from '../../src/board/start.ts'
import { BoardError } from '../../src/model/error.ts'
import { statusNames } from '../../src/model/status.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { expectInvariants } from './invariants.ts'
import { dispatched, everything, fenceOf, forEachBoard, kinds, taskIn } from './support.ts'

const policy = { limit: 5, source: 'default', delay: 5 } as const
const here = [...statusNames, 'scheduled'] as const

type Expected = Partial<Record<(typeof here)[number], string>>

/** It may be done wherever the task is, and leaves it there. */
const anywhere = Object.fromEntries(here.map((status) => [status, status])) as Required<Expected>
const { running: _, ...atRest } = anywhere

interface Case {
  readonly act: (tx: Tx, id: string) => Promise<unknown>
  /** Status before → status after, `gone` when the task is; every other status refuses. */
  readonly to: Expected
  /** The last event of the task. */
  readonly event: string
  /** How the run of a running task closes. */
  readonly outcome?: string
}

const failing = (verb: 'crash' | 'time_out' | 'fail_to_start') => async (tx: Tx, id: string) =>
  fail(tx, id, { verb, error: 'broken', payload: {}, fence: await fenceOf(tx, id) }, policy)

/** §1.4 of the contract, written out a second time. */
const cases: Record<string, Case> = {
  claim: {
    act: (tx, id) => claim(tx, id, dispatched()),
    to: { ready: 'running' },
    event: 'claimed',
  },
  complete: {
    act: (tx, id) => complete(tx, id, { summary: 'so' }),
    to: { running: 'done', ready: 'done', blocked: 'done' },
    event: 'completed',
    outcome: 'completed',
  },
  block: {
    act: (tx, id) => block(tx, id, { reason: 'why' }),
    to: { running: 'blocked', ready: 'blocked' },
    event: 'blocked',
    outcome: 'blocked',
  },
  unblock: { act: (tx, id) => unblock(tx, id), to: { blocked: 'ready' }, event: 'unblocked' },
  archive: {
    act: (tx, id) => archive(tx, id),
    to: {
      triage: 'archived',
      todo: 'archived',
      ready: 'archived',
      running: 'archived',
      blocked: 'archived',
      done: 'archived',
    },
    event: 'archived',
    outcome: 'reclaimed',
  },
  reclaim: {
    act: (tx, id) => reclaim(tx, id, 'user'),
    to: { running: 'ready' },
    event: 'reclaimed',
    outcome: 'reclaimed',
  },
  'be promoted while a parent is open': {
    act: (tx, id) => move(tx, 'promote', id),
    to: {},
    event: 'promoted',
  },
  specify: { act: (tx, id) => move(tx, 'specify', id), to: { triage: 'ready' }, event: 'status' },
  'move to triage': {
    act: (tx, id) => shift(tx, id, 'triage'),
    to: { todo: 'triage', ready: 'triage', running: 'triage', blocked: 'triage' },
    event: 'status',
    outcome: 'reclaimed',
  },
  'move to ready': {
    act: (tx, id) => shift(tx, id, 'ready'),
    to: { triage: 'ready', running: 'ready', blocked: 'ready' },
    event: 'status',
    outcome: 'reclaimed',
  },
  'move to todo': {
    act: (tx, id) => shift(tx, id, 'todo'),
    to: { triage: 'ready', ready: 'ready', running: 'ready', blocked: 'ready' },
    event: 'status',
    outcome: 'reclaimed',
  },
  reopen: {
    act: (tx, id) => reopen(tx, id),
    to: { done: 'ready', archived: 'ready' },
    event: 'status',
  },
  crash: { act: failing('crash'), to: { running: 'ready' }, event: 'crashed', outcome: 'crashed' },
  'time out': {
    act: failing('time_out'),
    to: { running: 'ready' },
    event: 'timed_out',
    outcome: 'timed_out',
  },
  'fail to start': {
    act: failing('fail_to_start'),
    to: { running: 'ready' },
    event: 'spawn_failed',
    outcome: 'spawn_failed',
  },
  'meet a quota': {
    act: async (tx, id) => limitRate(tx, id, await fenceOf(tx, id), tx.now + 300, 'busy'),
    to: { running: 'ready' },
    event: 'rate_limited',
    outcome: 'rate_limited',
  },
  'break the protocol': {
    act: async (tx, id) =>
      breakProtocol(tx, id, await fenceOf(tx, id), { pid: 7, exitCode: 0, error: 'said nothing' }),
    to: { running: 'blocked' },
    event: 'gave_up',
    outcome: 'gave_up',
  },
  'be locked out': {
    act: async (tx, id) =>
      lockOut(tx, id, { fence: await fenceOf(tx, id), profile: 'someone', reason: 'log in' }),
    to: { running: 'blocked' },
    event: 'blocked',
    outcome: 'blocked',
  },
  assign: { act: (tx, id) => assign(tx, id, 'another'), to: atRest, event: 'assigned' },
  comment: { act: (tx, id) => comment(tx, id, 'user', 'a word'), to: anywhere, event: 'commented' },
  edit: { act: (tx, id) => edit(tx, id, { title: 'anew' }), to: anywhere, event: 'edited' },
  'edit what was handed over': {
    act: (tx, id) => backfill(tx, id, { summary: 'so it was' }),
    to: { done: 'done' },
    event: 'edited',
  },
  delete: {
    act: (tx, id) => remove(tx, id, 'user', 'here+1'),
    to: { archived: 'gone' },
    event: 'deleted',
  },
  heartbeat: {
    act: (tx, id) => heartbeat(tx, id, { ttl: 900, note: 'half way' }),
    to: { running: 'running' },
    event: 'heartbeat',
  },
  start: {
    act: async (tx, id) =>
      start(tx, id, await fenceOf(tx, id), { pid: 7, start: 'boot:1', workspace: '/tmp' }),
    to: { running: 'running' },
    event: 'spawned',
  },
}

forEachBoard((open) => {
  for (const [verb, { act, to, event, outcome }] of Object.entries(cases)) {
    const refusing = here.filter((status) => to[status] === undefined)
    const refused = `a task that is ${refusing.join(', ')} cannot ${verb}, and nothing changes`
    if (refusing.length > 0) {
      test(refused, async () => {
        const store = await open()
        for (const status of refusing) {
          const id = await store.write((tx) => taskIn(tx, status))
          const before = await store.read(everything)
          const error = await store.write((tx) => act(tx, id)).catch((thrown: Error) => thrown)
          expect(error, status).toBeInstanceOf(BoardError)
          expect((error as Error).message).toMatch(/\bt_[^\n]+[^.]$/)
          expect(await store.read(everything), status).toEqual(before)
        }
      })
    }

    const moves = Object.entries(to)
    const told = moves.map(([status, after]) => `from ${status} to ${after}`)
    if (moves.length === 0) continue
    test(`${verb} takes a task ${told.join(', ')}`, async () => {
      const store = await open()
      for (const [status, after] of moves) {
        const id = await store.write((tx) => taskIn(tx, status))
        await store.write((tx) => act(tx, id))
        await store.read(async (reader) => {
          const task = await reader.get<{ status: string }>(
            sql`select status from tasks where id = ${id}`,
          )
          expect(task?.status ?? 'gone', status).toBe(after)
          expect((await kinds(reader, id)).at(-1), status).toBe(event)
          const runs = await reader.all<{ outcome: string | null }>(
            sql`select outcome from task_runs where task_id = ${id} order by id`,
          )
          if (status === 'running' && after !== 'running') {
            expect(runs.map((run) => run.outcome)).toEqual([outcome])
          }
          // A status of another program is the one thing that they do not allow.
          if (status !== 'scheduled') await expectInvariants(reader)
        })
      }
    })
  }

  test('a task of another program is shown and never moved', async () => {
    const store = await open()
    const id = await store.write((tx) => taskIn(tx, 'scheduled'))
    for (const verb of Object.keys(lifecycle) as (keyof typeof lifecycle)[]) {
      if (verb === 'claim') continue
      await expect(store.write((tx) => move(tx, verb, id))).rejects.toThrow('it is scheduled')
    }
  })
})
