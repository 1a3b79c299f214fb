/** Every verb of the board as a step that fast-check draws, and takes on the model and on the board. */

import fc from 'fast-check'
import { expect } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { assign } from '../../src/board/assign.ts'
import { backfill } from '../../src/board/backfill.ts'
import { block, unblock } from '../../src/board/block.ts'
import { claim } from '../../src/board/claim.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { create } from '../../src/board/create.ts'
import { edit } from '../../src/board/edit.ts'
import { heartbeat, renew } from '../../src/board/heartbeat.ts'
import { latestEventId } from '../../src/board/history.ts'
import { link, unlink } from '../../src/board/links.ts'
import { move } from '../../src/board/move.ts'
import { reclaim, release } from '../../src/board/reclaim.ts'
import { record } from '../../src/board/record.ts'
import { remove } from '../../src/board/remove.ts'
import { reopen } from '../../src/board/reopen.ts'
import { settle as settleRun } from '../../src/board/settle.ts'
import { shift } from '../../src/board/shift.ts'
import { adoptRun, exited, start } from '../../src/board/start.ts'
import { promotable, promoteThese } from '../../src/dispatcher/promotions.ts'
import type { End } from '../../src/model/end.ts'
import { claimLock } from '../../src/model/lock.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { task as newTask, token } from '../board/support.ts'
import { answerOf, type Board, expectSame } from './board.ts'
import {
  type Answer,
  childrenOf,
  type Fence,
  idOf,
  installations,
  type Model,
  parentsOf,
  policy,
  settle,
  type Task,
  verbs,
} from './model.ts'

/** What fast-check draws: a verb, numbers that stand for choices, and whether to aim at all. */
export interface Draw {
  readonly verb: keyof typeof plans
  readonly a: number
  readonly b: number
  readonly c: number
  readonly wild: boolean
}

/** The same thing twice, with everything chosen. */
interface Step {
  readonly with: readonly unknown[]
  readonly model: () => Answer
  readonly board: (tx: Tx) => Promise<unknown>
}

interface Plan {
  /** Whether there is anything to do it with. */
  readonly fits: (model: Model) => boolean
  readonly step: (model: Model, draw: Draw, board: Board) => Step
}

const leases = [900, 60, 0] as const
const hosts = [...installations, null] as const
const people = ['user', 'writer', 'critic'] as const
const ends: readonly End[] = [
  { how: 'exited', pid: 7, exit: { code: 1, signal: null }, said: 'no' },
  { how: 'exited', pid: 7, exit: { code: null, signal: 'SIGKILL' }, said: '' },
  { how: 'runner_gone', pid: 7 },
  { how: 'timed_out', pid: 7, exit: null, elapsed: 2, limit: 1, sigkill: false },
  { how: 'not_started', error: 'no', counted: true },
  { how: 'not_started', error: 'no', counted: false },
  { how: 'exited', pid: 7, exit: { code: 0, signal: null }, said: '' },
  { how: 'exited', pid: 7, exit: { code: 75, signal: null }, said: '' },
  { how: 'unfinished', pid: 7, exit: null, said: 'well' },
  { how: 'failed', pid: 7, exit: null, said: 'no' },
  { how: 'locked_out', exit: null, reason: 'log in', profile: 'writer' },
  { how: 'stopped', exit: null, reason: 'host restarted' },
]
/** The system's time may be set at any moment, either way. */
const leaps = [1, 5, 11, 61, 301, 901, 86_400, -1, -30, -3_600] as const
const runner = { start: 'boot:1' }

function pick<T>(from: readonly T[], n: number): T {
  return from[n % from.length] as T
}

export const lockOf = (run: number): string => claimLock('here', 42, token(run))

/** A task for which `fits` holds, when one is aimed at and there is one; else any, of those that are gone too. */
function aim(model: Model, { a, wild }: Draw, fits: (task: Task) => boolean): string {
  const fitting = wild ? [] : [...model.tasks.values()].filter(fits)
  return fitting.length > 0 ? pick(fitting, a).id : idOf((a % (model.created + 1)) + 1)
}

function another(model: Model, n: number): string {
  return idOf((n % Math.max(model.created, 1)) + 1)
}

const is =
  (...statuses: readonly string[]) =>
  (task: Task) =>
    statuses.includes(task.status)

/** A run that is open where one is aimed at, with what proves it; else any, and any proof. */
function aimRun(model: Model, { a, b, wild }: Draw, open = true): { task: string; fence: Fence } {
  const runs = [...model.runs.values()].filter((run) => run.claim_lock !== null)
  const fitting = open ? runs.filter((run) => run.ended_at === null) : runs
  const run = wild ? undefined : pick(fitting.length > 0 ? fitting : runs, a)
  if (run !== undefined) {
    return { task: run.task_id, fence: { run: run.id, lock: lockOf(run.id) } }
  }
  return forged(model, a, b)
}

/** What proves nothing: of a run that is gone, the number of one with the token of another. */
function forged(model: Model, a: number, b: number): { task: string; fence: Fence } {
  const some = (n: number) => (n % (model.opened + 1)) + 1
  const open = [...model.runs.values()].filter((run) => run.ended_at === null)
  const target = open.length > 0 && b % 3 > 0 ? pick(open, a) : model.runs.get(some(a))
  const number = target?.id ?? some(a)
  const fence = {
    run: b % 3 === 1 ? some(b) : number,
    lock: lockOf(b % 3 === 2 ? some(b) : number),
  }
  return { task: target?.task_id ?? another(model, b), fence }
}

function anyTime(step: Plan['step']): Plan {
  return { fits: () => true, step }
}

/** A plan for what is done to one task. */
function onTask(
  fits: (task: Task) => boolean,
  act: (
    model: Model,
    id: string,
    draw: Draw,
  ) => {
    readonly with?: readonly unknown[]
    readonly model: () => Answer
    readonly board: (tx: Tx) => Promise<unknown>
  },
): Plan {
  return {
    fits: (model) => [...model.tasks.values()].some(fits),
    step(model, draw) {
      const id = aim(model, draw, fits)
      const step = act(model, id, draw)
      return { ...step, with: [id, ...(step.with ?? [])] }
    },
  }
}

/** A plan for what a run's own processes do. */
function onRun(
  act: (
    model: Model,
    run: { readonly task: string; readonly fence: Fence },
    draw: Draw,
  ) => {
    readonly with?: readonly unknown[]
    readonly model: () => Answer
    readonly board: (tx: Tx) => Promise<unknown>
  },
  open = true,
): Plan {
  return {
    fits: (model) => [...model.runs.values()].some((run) => !open || run.ended_at === null),
    step(model, draw) {
      const run = aimRun(model, draw, open)
      const step = act(model, run, draw)
      return { ...step, with: [run.task, run.fence.run, ...(step.with ?? [])] }
    },
  }
}

function handOff(model: Model, id: string, { b, c }: Draw) {
  const cards = [[], [], childrenOf(model, id), [another(model, b)]]
  return {
    // What mentions a card that does not exist is noted; that is tried elsewhere.
    summary: pick([null, 'so', 'done\nand more'], b),
    result: pick([null, null, 'the result'], c),
    cards: pick(cards, c),
  }
}

export const plans = {
  create: anyTime((model, { a, b, c, wild }) => {
    const near = another(model, a)
    const parents = pick([[], [near], [...new Set([near, another(model, b)])]], b)
    const made = {
      parents: parents.filter((parent) => wild || model.tasks.has(parent)),
      triage: c % 6 === 0,
      key: pick([null, null, null, 'nightly', 'weekly'], a),
      assignee: pick([null, 'writer', 'critic'], c),
      by: pick(people, b),
      retries: pick([null, null, 1, 2], c),
    }
    return {
      with: [made],
      model: () => verbs.create(model, made),
      board: (tx) => {
        let next = model.created
        const { parents, triage, key, assignee, retries } = made
        const fields = { parents, triage, assignee, idempotency_key: key, max_retries: retries }
        return create(tx, newTask(fields), made.by, () => idOf(next++))
      },
    }
  }),

  claim: onTask(is('ready'), (model, id, { b, c }) => {
    const lock = lockOf(model.opened + 1)
    const [ttl, host] = [pick(leases, b), pick(hosts, c)]
    const at = host ?? pick(installations, b + c)
    return {
      with: [ttl, host],
      model: () => verbs.claim(model, id, lock, ttl, host, at),
      board: (tx) => claim(tx, id, { lock, ttl, host, here: at }),
    }
  }),

  adopt: onRun((model, { fence }, { c }) => ({
    model: () => verbs.adopt(model, fence, c),
    board: (tx) => adoptRun(tx, fence, { ...runner, pid: c }),
  })),

  start: onRun((model, { task, fence }, { c }) => ({
    model: () => verbs.start(model, task, fence, c),
    board: (tx) => start(tx, task, fence, { ...runner, pid: c, workspace: '/tmp' }),
  })),

  exited: onRun(
    (model, { fence }) => ({
      model: () => verbs.exited(model, fence.run),
      board: (tx) => exited(tx, fence.run, null),
    }),
    false,
  ),

  'heartbeat of a worker': onRun((model, { task, fence }, { c }) => {
    const [note, ttl] = [pick(['', 'half way'], c), pick(leases, c)]
    return {
      with: [note, ttl],
      model: () => verbs.heartbeat(model, task, fence, note, ttl),
      board: (tx) => heartbeat(tx, task, { fence, note, ttl }),
    }
  }),

  'heartbeat of a person': onTask(is('running'), (model, id) => ({
    model: () => verbs.heartbeat(model, id, null, '', 60),
    board: (tx) => heartbeat(tx, id, { ttl: 60 }),
  })),

  renew: onRun(
    (model, { task, fence }, { c }) => ({
      model: () => verbs.renew(model, task, fence, pick(leases, c)),
      board: (tx) => renew(tx, task, fence, pick(leases, c)),
    }),
    false,
  ),

  'complete as a worker': onRun((model, { task, fence }, draw) => {
    const done = { ...handOff(model, task, draw), fence }
    return {
      with: [done],
      model: () => verbs.complete(model, task, done),
      board: (tx) => complete(tx, task, { ...done, createdCards: done.cards }),
    }
  }),

  'complete late': onRun((model, { task, fence }) => {
    const done = { fence, summary: 'late', result: null, cards: [] }
    return {
      model: () => verbs.complete(model, task, done),
      board: (tx) => complete(tx, task, done),
    }
  }, false),

  complete: onTask(is('running', 'ready', 'blocked'), (model, id, draw) => {
    const { cards: createdCards, ...done } = handOff(model, id, draw)
    return {
      with: [done, createdCards],
      model: () => verbs.complete(model, id, { ...done, cards: createdCards, fence: null }),
      board: (tx) => complete(tx, id, { ...done, createdCards }),
    }
  }),

  'block as a worker': onRun((model, { task, fence }) => ({
    model: () => verbs.block(model, task, fence, 'which one?'),
    board: (tx) => block(tx, task, { fence, reason: 'which one?' }),
  })),

  block: onTask(is('running', 'ready'), (model, id, { b }) => ({
    with: [pick([null, 'why'], b)],
    model: () => verbs.block(model, id, null, pick([null, 'why'], b)),
    board: (tx) => block(tx, id, { reason: pick([null, 'why'], b) }),
  })),

  unblock: onTask(is('blocked'), (model, id) => ({
    model: () => verbs.unblock(model, id),
    board: (tx) => unblock(tx, id),
  })),

  archive: onTask(is('done', 'running', 'todo'), (model, id) => ({
    model: () => verbs.archive(model, id),
    board: (tx) => archive(tx, id),
  })),

  reclaim: onTask(is('running'), (model, id, { b }) => ({
    model: () => verbs.reclaim(model, id, pick([null, 'stuck'], b)),
    board: (tx) => reclaim(tx, id, 'user', pick([null, 'stuck'], b)),
  })),

  release: onRun((model, { task, fence }) => ({
    model: () => verbs.release(model, task, fence.run),
    board: (tx) =>
      release(tx, task, fence.run, { host_local: false, terminated: false, sigkill: false }),
  })),

  end: onRun((model, { task, fence }, { c }) => ({
    with: [pick(ends, c)],
    model: () => verbs.end(model, task, fence, pick(ends, c)),
    board: (tx) => settleRun(tx, task, fence, pick(ends, c), policy),
  })),

  specify: onTask(is('triage'), (model, id) => ({
    model: () => verbs.specify(model, id),
    board: (tx) => move(tx, 'specify', id),
  })),

  shift: onTask(is('triage', 'todo', 'ready', 'running', 'blocked'), (model, id, { b }) => {
    const to = pick(['triage', 'todo', 'ready'] as const, b)
    return {
      with: [to],
      model: () => verbs.shift(model, id, to),
      board: (tx) => shift(tx, id, to),
    }
  }),

  reopen: onTask(is('done', 'archived'), (model, id) => ({
    model: () => verbs.reopen(model, id),
    board: (tx) => reopen(tx, id),
  })),

  remove: onTask(is('archived'), (model, id, { c }) => {
    const at = pick(installations, c)
    return {
      with: [at],
      model: () => verbs.remove(model, id, at),
      board: (tx) => remove(tx, id, 'user', at),
    }
  }),

  assign: onTask(is('todo', 'ready', 'blocked'), (model, id, { b }) => {
    const to = pick([null, 'writer', 'critic'], b)
    return {
      with: [to],
      model: () => verbs.assign(model, id, to),
      board: (tx) => assign(tx, id, to),
    }
  }),

  link: onTask(is('todo', 'ready', 'running'), (model, id, { a, b, c }) => {
    const open = [...model.tasks.values()].filter(is('triage', 'ready', 'running', 'blocked'))
    const parent = c % 3 === 0 || open.length === 0 ? another(model, b) : pick(open, a + b).id
    return {
      with: [parent],
      model: () => verbs.link(model, parent, id),
      board: (tx) => link(tx, parent, id),
    }
  }),

  unlink: onTask(is('todo'), (model, id, { b, wild }) => {
    const known = wild ? [] : parentsOf(model, id)
    const parent = known.length > 0 ? pick(known, b) : another(model, b)
    return {
      with: [parent],
      model: () => verbs.unlink(model, parent, id),
      board: (tx) => unlink(tx, parent, id),
    }
  }),

  comment: onTask(
    () => true,
    (model, id, { b }) => ({
      model: () => verbs.comment(model, id, `word ${b}`),
      board: (tx) => comment(tx, id, 'ann', `word ${b}`),
    }),
  ),

  edit: onTask(
    () => true,
    (model, id, { b, c }) => {
      const [title, priority] = [pick(['work', 'more work'], b), pick([0, 0, 5, -5], c)]
      return {
        with: [title, priority],
        model: () => verbs.edit(model, id, title, priority),
        board: (tx) => edit(tx, id, { title, priority }),
      }
    },
  ),

  backfill: onTask(is('done'), (model, id, { b, c }) => {
    const [summary, result] = [pick([undefined, 'better'], b), pick([undefined, 'mended'], c)]
    return {
      with: [summary, result],
      model: () => verbs.backfill(model, id, summary ?? null, result ?? null),
      board: (tx) => backfill(tx, id, { summary, result, metadata: { by: 'hand' } }),
    }
  }),

  'another program unlinks it': onTask(is('todo'), (model, id, { a, b }) => {
    const parent = pick([...parentsOf(model, id), another(model, b)], a)
    return {
      with: [parent],
      model: () => verbs['another program unlinks it'](model, id, parent),
      board: async (tx) => {
        const since = b % 2 === 0 ? null : await latestEventId(tx)
        await tx.run(sql`delete from task_links where parent_id = ${parent} and child_id = ${id}`)
        await record(tx, id, 'unlinked', { parent, child: id })
        await promoteThese(tx, await promotable(tx, since))
      },
    }
  }),

  'another program ends it': onTask(is('ready'), (model, id, { b }) => ({
    model: () => verbs['another program ends it'](model, id),
    board: async (tx) => {
      const since = b % 2 === 0 ? null : await latestEventId(tx)
      const rows = await tx.run(
        sql`update tasks set status = 'done' where id = ${id} and status = 'ready'`,
      )
      if (rows > 0) await record(tx, id, 'completed')
      await promoteThese(tx, await promotable(tx, since))
    },
  })),

  'the clock leaps': anyTime((model, { a }, { clock }) => ({
    with: [pick(leaps, a)],
    model: () => {
      model.now += pick(leaps, a)
      return 'done'
    },
    board: async () => clock.pass(pick(leaps, a)),
  })),
} as const satisfies Record<string, Plan>

/** Takes the step on both and compares all that can be seen. Returns the answer. */
export async function take(
  draw: Draw,
  model: Model,
  board: Board,
  invariants: boolean,
): Promise<Answer> {
  model.events = []
  const step = plans[draw.verb].step(model, draw, board)
  const words = inWords(draw.verb, step)
  const expected = step.model()
  settle(model)
  const answer = await answerOf(board.store, step.board)
  expect(`${words}: ${answer}`).toBe(`${words}: ${expected}`)
  await expectSame(model, board, invariants)
  return answer
}

function inWords(verb: string, step: Step): string {
  return `${verb} ${step.with.map((one) => JSON.stringify(one)).join(' ')}`
}

const names = Object.keys(plans) as (keyof typeof plans)[]
const number = fc.nat(59)

export const draws = fc.record<Draw>({
  // What all the rest needs to have something to do comes more often.
  verb: fc.constantFrom(...names, 'create', 'create', 'claim', 'claim', 'claim', 'adopt', 'end'),
  a: number,
  b: number,
  c: number,
  wild: fc.nat(11).map((n) => n === 0),
})
