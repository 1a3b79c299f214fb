/**
 * The board as the contract tells it (§1.4–1.7), in memory and without a word of its SQL: what each
 * verb does to plain objects. It says what must come out, so it is kept naive: after every verb
 * `settle` looks at every task.
 */

import type { End } from '../../src/model/end.ts'
import type { ErrorCode } from '../../src/model/error.ts'
import type { Outcome } from '../../src/model/run.ts'
import type { Status } from '../../src/model/status.ts'

/** Fields have the names of the columns. */
export interface Task {
  readonly id: string
  readonly created_by: string
  readonly created_at: number
  readonly idempotency_key: string | null
  readonly max_retries: number | null
  title: string
  priority: number
  assignee: string | null
  status: Status
  result: string | null
  started_at: number | null
  completed_at: number | null
  consecutive_failures: number
  last_failure_error: string | null
  not_before: number | null
  block_kind: string | null
  claim_lock: string | null
  claim_expires: number | null
  worker_pid: number | null
  last_heartbeat_at: number | null
  current_run_id: number | null
}

export interface Run {
  readonly id: number
  readonly task_id: string
  readonly profile: string | null
  readonly claim_lock: string | null
  readonly host: string | null
  readonly started_at: number
  claim_expires: number | null
  status: string
  outcome: Outcome | null
  ended_at: number | null
  summary: string | null
  error: string | null
  runner_pid: number | null
  worker_pid: number | null
  exited_at: number | null
}

export interface Event {
  readonly task_id: string
  /** With the status that it says, where it is about one: `status todo`. */
  readonly kind: string
  readonly run_id: number | null
}

export interface Model {
  now: number
  readonly tasks: Map<string, Task>
  /** `parent child`, as ids are without blanks. */
  readonly links: Set<string>
  readonly runs: Map<number, Run>
  readonly comments: { readonly task_id: string; readonly body: string }[]
  /** Of the latest step. */
  events: Event[]
  /** When a run last had an event that says it is alive. */
  readonly beats: Map<number, number>
  /** How many there were, those that are gone included: what has the next number. */
  created: number
  opened: number
}

export interface Fence {
  readonly run: number
  readonly lock: string
}

/** What a verb answers: its refusal, or that it was done, or that there was nothing to do. */
export type Answer = 'done' | ErrorCode

/** Three machines on one board; each knows of its own processes alone. */
export const installations = ['here+1', 'there+2', 'yonder+3'] as const
export const policy = { limit: 3, source: 'default', delay: 5 } as const

export function emptyModel(now: number): Model {
  return {
    now,
    tasks: new Map(),
    links: new Set(),
    runs: new Map(),
    comments: [],
    events: [],
    beats: new Map(),
    created: 0,
    opened: 0,
  }
}

/** The id of the nth task. */
export const idOf = (n: number): string => `t_${n.toString(16).padStart(8, '0')}`

const satisfies = (task: Task | undefined): boolean =>
  task === undefined || task.status === 'done' || task.status === 'archived'

export function parentsOf(model: Model, id: string): string[] {
  return ends(model).flatMap(({ parent, child }) => (child === id ? [parent] : []))
}

export function childrenOf(model: Model, id: string): string[] {
  return ends(model).flatMap(({ parent, child }) => (parent === id ? [child] : []))
}

function ends(model: Model) {
  return [...model.links].map((link) => {
    const [parent = '', child = ''] = link.split(' ')
    return { parent, child }
  })
}

function isFree(model: Model, id: string): boolean {
  return parentsOf(model, id).every((parent) => satisfies(model.tasks.get(parent)))
}

const settled = (model: Model, id: string): Status => (isFree(model, id) ? 'ready' : 'todo')

function say(model: Model, task_id: string, kind: string, run_id: number | null = null): void {
  model.events.push({ task_id, kind, run_id })
}

/** What follows from any verb in the same unit of work (I9). */
export function settle(model: Model): void {
  for (const task of model.tasks.values()) {
    const free = isFree(model, task.id)
    if (task.status === 'todo' && free) {
      task.status = 'ready'
      say(model, task.id, 'promoted')
    } else if (task.status === 'ready' && !free) {
      task.status = 'todo'
      say(model, task.id, 'status todo')
    }
  }
}

function held({ tasks }: Model, id: string, fence: Fence): boolean {
  const task = tasks.get(id)
  return task?.current_run_id === fence.run && task.claim_lock === fence.lock
}

/** Why the verb does not apply, else the task. */
function guard(
  model: Model,
  id: string,
  from: readonly Status[],
  fence?: Fence | null,
): Task | ErrorCode {
  const task = model.tasks.get(id)
  if (task === undefined) return 'not_found'
  if (fence && !held(model, id, fence)) return 'run_ended'
  return from.includes(task.status) ? task : 'wrong_status'
}

interface Closing {
  readonly outcome?: Outcome
  readonly summary?: string | null
  readonly error?: string | null
}

/** Changes the status; an open run closes with it. Returns that run. */
function go(
  model: Model,
  task: Task,
  to: Status,
  kind: string,
  { outcome = 'reclaimed', summary = null, error = null }: Closing = {},
): number | null {
  const run = task.current_run_id === null ? undefined : model.runs.get(task.current_run_id)
  if (run !== undefined) {
    run.outcome = outcome
    run.status = outcome === 'completed' ? 'done' : outcome
    run.ended_at = Math.max(model.now, run.started_at)
    run.summary = summary
    run.error = error
  }
  task.status = to
  task.claim_lock = null
  task.claim_expires = null
  task.worker_pid = null
  task.current_run_id = null
  say(model, task.id, kind === 'status' ? `status ${to}` : kind, run?.id)
  return run?.id ?? null
}

/** A run of no length keeps what is handed over where none was open; told of as its event. */
function keep(model: Model, task: Task, outcome: Outcome, summary: string | null): void {
  const run = openRun(model, task, { lock: null, expires: null, host: null })
  run.status = outcome === 'completed' ? 'done' : outcome
  run.outcome = outcome
  run.ended_at = model.now
  run.summary = summary
  const last = model.events.pop()
  if (last !== undefined) say(model, last.task_id, last.kind, run.id)
}

function openRun(
  model: Model,
  task: Task,
  claim: {
    readonly lock: string | null
    readonly expires: number | null
    readonly host: string | null
  },
): Run {
  model.opened += 1
  const run: Run = {
    id: model.opened,
    task_id: task.id,
    profile: task.assignee,
    claim_lock: claim.lock,
    host: claim.host,
    started_at: model.now,
    claim_expires: claim.expires,
    status: 'running',
    outcome: null,
    ended_at: null,
    summary: null,
    error: null,
    runner_pid: null,
    worker_pid: null,
    exited_at: null,
  }
  model.runs.set(run.id, run)
  return run
}

function forgive(task: Task): void {
  task.consecutive_failures = 0
  task.last_failure_error = null
  task.not_before = null
}

function set<Row extends Task | Run>(row: Row | undefined, to: Partial<Row>): void {
  if (row !== undefined) Object.assign(row, to)
}

const never = Number.NEGATIVE_INFINITY
const failure = 'why'

export interface NewTask {
  readonly parents: readonly string[]
  readonly triage: boolean
  readonly key: string | null
  readonly assignee: string | null
  readonly by: string
  readonly retries: number | null
}

export interface Completion {
  readonly fence: Fence | null
  readonly summary: string | null
  readonly result: string | null
  readonly cards: readonly string[]
}

/** Each takes what the verb of the board takes; a refusal leaves the model as it was. */
export const verbs = {
  create(model: Model, made: NewTask): Answer {
    if (hasKey(model, made.key)) return 'done'
    if (made.parents.some((parent) => !model.tasks.has(parent))) return 'meaningless'
    model.created += 1
    const id = idOf(model.created)
    for (const parent of made.parents) model.links.add(`${parent} ${id}`)
    model.tasks.set(id, {
      id,
      created_by: made.by,
      created_at: model.now,
      idempotency_key: made.key,
      max_retries: made.retries,
      title: 'work',
      priority: 0,
      assignee: made.assignee,
      status: made.triage ? 'triage' : settled(model, id),
      result: null,
      started_at: null,
      completed_at: null,
      consecutive_failures: 0,
      last_failure_error: null,
      not_before: null,
      block_kind: null,
      claim_lock: null,
      claim_expires: null,
      worker_pid: null,
      last_heartbeat_at: null,
      current_run_id: null,
    })
    say(model, id, 'created')
    return 'done'
  },

  /** `host` claims, or by hand somebody `at` one. */
  claim(
    model: Model,
    id: string,
    lock: string,
    ttl: number,
    host: string | null,
    at: string,
  ): Answer {
    const task = guard(model, id, ['ready'])
    if (typeof task === 'string') return task
    if (isEnding(model, id, at)) return 'still_ending'
    const expires = model.now + ttl
    const run = openRun(model, task, { lock, expires, host })
    set(task, {
      status: 'running',
      claim_lock: lock,
      claim_expires: expires,
      current_run_id: run.id,
      last_heartbeat_at: null,
      not_before: null,
      started_at: task.started_at ?? model.now,
    })
    say(model, id, 'claimed', run.id)
    return 'done'
  },

  adopt(model: Model, fence: Fence, pid: number): Answer {
    const run = model.runs.get(fence.run)
    if (run?.claim_lock === fence.lock && run.runner_pid === null && run.ended_at === null) {
      run.runner_pid = pid
    }
    return 'done'
  },

  start(model: Model, id: string, fence: Fence, pid: number): Answer {
    const task = guard(model, id, ['running'], fence)
    if (typeof task === 'string') return task
    if (task.worker_pid !== null) return 'conflict'
    task.worker_pid = pid
    set(model.runs.get(fence.run), { worker_pid: pid })
    say(model, id, 'spawned', fence.run)
    return 'done'
  },

  exited(model: Model, id: number): Answer {
    const run = model.runs.get(id)
    if (run !== undefined) run.exited_at ??= model.now
    return 'done'
  },

  heartbeat(model: Model, id: string, fence: Fence | null, note: string, ttl: number): Answer {
    const task = guard(model, id, ['running'], fence)
    if (typeof task === 'string') return task
    const run = task.current_run_id ?? 0
    const claim_expires = Math.max(task.claim_expires ?? 0, model.now + ttl)
    set(model.runs.get(run), { claim_expires })
    set(task, { claim_expires, last_heartbeat_at: model.now })
    const quiet = model.now - (model.beats.get(run) ?? never)
    if (quiet >= (note === '' ? 60 : 10)) {
      model.beats.set(run, model.now)
      say(model, id, 'heartbeat', run)
    }
    return 'done'
  },

  renew(model: Model, id: string, fence: Fence, ttl: number): Answer {
    const run = model.runs.get(fence.run)
    if (run?.claim_lock === fence.lock && run.exited_at === null) {
      run.claim_expires = model.now + ttl
    }
    if (held(model, id, fence)) set(model.tasks.get(id), { claim_expires: model.now + ttl })
    return 'done'
  },

  complete(model: Model, id: string, done: Completion): Answer {
    const task = guard(model, id, ['running', 'ready', 'blocked'], done.fence)
    if (typeof task === 'string') return task
    const isReal = (card: string) =>
      childrenOf(model, id).includes(card) ||
      (task.assignee !== null && model.tasks.get(card)?.created_by === task.assignee)
    if (!done.cards.every(isReal)) {
      say(model, id, 'completion_blocked_hallucination', task.current_run_id)
      return 'phantom_cards'
    }
    const summary = done.summary ?? done.result
    const run = go(model, task, 'done', 'completed', { outcome: 'completed', summary })
    if (run === null && summary !== null) keep(model, task, 'completed', summary)
    forgive(task)
    task.block_kind = null
    task.completed_at = model.now
    task.result = done.result ?? task.result
    return 'done'
  },

  block(model: Model, id: string, fence: Fence | null, reason: string | null): Answer {
    const task = guard(model, id, ['running', 'ready'], fence)
    if (typeof task === 'string') return task
    const run = go(model, task, 'blocked', 'blocked', { outcome: 'blocked', summary: reason })
    if (run === null && reason !== null) keep(model, task, 'blocked', reason)
    task.block_kind = 'needs_input'
    task.not_before = null
    return 'done'
  },

  unblock(model: Model, id: string): Answer {
    const task = guard(model, id, ['blocked'])
    if (typeof task === 'string') return task
    go(model, task, settled(model, id), 'unblocked')
    forgive(task)
    task.block_kind = null
    return 'done'
  },

  archive(model: Model, id: string): Answer {
    const task = guard(model, id, ['triage', 'todo', 'ready', 'running', 'blocked', 'done'])
    if (typeof task === 'string') return task
    go(model, task, 'archived', 'archived', { summary: 'archived' })
    task.not_before = null
    task.block_kind = null
    return 'done'
  },

  reclaim(model: Model, id: string, reason: string | null): Answer {
    const task = guard(model, id, ['running'])
    if (typeof task === 'string') return task
    const error = reason === null ? 'manual_reclaim' : `manual_reclaim: ${reason}`
    go(model, task, settled(model, id), 'reclaimed', { summary: 'reclaimed by user', error })
    forgive(task)
    return 'done'
  },

  /** Once the lease has passed. */
  release(model: Model, id: string, run: number): Answer {
    const task = model.tasks.get(id)
    if (task?.current_run_id === run && Number(task.claim_expires) <= model.now) {
      go(model, task, settled(model, id), 'reclaimed', { summary: 'lease expired' })
    }
    return 'done'
  },

  /** The processes of the run are gone. Whoever ended it before wins. */
  end(model: Model, id: string, fence: Fence, end: End): Answer {
    const task = model.tasks.get(id)
    if (task !== undefined && held(model, id, fence)) closeAs(model, task, end)
    return verbs.exited(model, fence.run)
  },

  specify(model: Model, id: string): Answer {
    const task = guard(model, id, ['triage'])
    if (typeof task === 'string') return task
    go(model, task, settled(model, id), 'status')
    return 'done'
  },

  shift(model: Model, id: string, to: 'triage' | 'todo' | 'ready'): Answer {
    const task = guard(model, id, ['triage', 'todo', 'ready', 'running', 'blocked'])
    if (typeof task === 'string') return task
    if (task.status === to) return 'wrong_status'
    if (to === 'ready' && !isFree(model, id)) return 'open_parents'
    if (task.status === 'running' || task.status === 'blocked') {
      forgive(task)
      task.block_kind = null
    }
    const target = to === 'triage' ? to : settled(model, id)
    go(model, task, target, 'status', { summary: `moved to ${to}` })
    return 'done'
  },

  reopen(model: Model, id: string): Answer {
    const task = guard(model, id, ['done', 'archived'])
    if (typeof task === 'string') return task
    if (task.status === 'archived' && hasKey(model, task.idempotency_key)) return 'conflict'
    go(model, task, settled(model, id), 'status')
    forgive(task)
    task.block_kind = null
    task.completed_at = null
    return 'done'
  },

  remove(model: Model, id: string, at: string): Answer {
    const task = model.tasks.get(id)
    if (task === undefined) return 'not_found'
    if (childrenOf(model, id).some((child) => !satisfies(model.tasks.get(child)))) return 'conflict'
    if (isEnding(model, id, at)) return 'still_ending'
    if (task.status !== 'archived') return 'wrong_status'
    model.tasks.delete(id)
    for (const run of model.runs.values()) if (run.task_id === id) model.runs.delete(run.id)
    for (const link of model.links) if (link.split(' ').includes(id)) model.links.delete(link)
    const others = model.comments.filter((comment) => comment.task_id !== id)
    model.comments.splice(0, Number.POSITIVE_INFINITY, ...others)
    say(model, id, 'deleted')
    return 'done'
  },

  assign(model: Model, id: string, assignee: string | null): Answer {
    const task = model.tasks.get(id)
    if (task === undefined) return 'not_found'
    if (task.status === 'running') return 'wrong_status'
    if (task.assignee === assignee) return 'done'
    task.assignee = assignee
    forgive(task)
    say(model, id, 'assigned')
    return 'done'
  },

  link(model: Model, parent: string, child: string): Answer {
    if (parent === child || !model.tasks.has(parent)) return 'meaningless'
    if (!model.tasks.has(child)) return 'not_found'
    if (isBelow(model, parent, child)) return 'meaningless'
    if (model.links.has(`${parent} ${child}`)) return 'done'
    model.links.add(`${parent} ${child}`)
    say(model, child, 'linked')
    say(model, parent, 'linked')
    return 'done'
  },

  unlink(model: Model, parent: string, child: string): Answer {
    if (!model.links.delete(`${parent} ${child}`)) return 'done'
    say(model, child, 'unlinked')
    say(model, parent, 'unlinked')
    return 'done'
  },

  comment(model: Model, id: string, body: string): Answer {
    if (!model.tasks.has(id)) return 'not_found'
    model.comments.push({ task_id: id, body })
    say(model, id, 'commented')
    return 'done'
  },

  edit(model: Model, id: string, title: string, priority: number): Answer {
    const task = model.tasks.get(id)
    if (task === undefined) return 'not_found'
    if (task.title !== title) say(model, id, 'edited')
    if (task.priority !== priority) say(model, id, 'reprioritized')
    task.title = title
    task.priority = priority
    return 'done'
  },

  backfill(model: Model, id: string, summary: string | null, result: string | null): Answer {
    const task = guard(model, id, ['done'])
    if (typeof task === 'string') return task
    const known = [...model.runs.values()].findLast(
      (run) => run.task_id === id && run.outcome === 'completed',
    )
    const wasResult = !known?.summary || known.summary === task.result
    const handed = summary ?? (wasResult ? result : null)
    task.result = result ?? task.result
    say(model, id, 'edited', known?.id)
    if (known === undefined) keep(model, task, 'completed', handed)
    else known.summary = handed ?? known.summary
    return 'done'
  },

  /** Another program promotes nothing; the sweep sees to what follows. */
  'another program ends it'(model: Model, id: string): Answer {
    const task = model.tasks.get(id)
    if (task?.status !== 'ready') return 'done'
    task.status = 'done'
    say(model, id, 'completed')
    return 'done'
  },

  'another program unlinks it'(model: Model, id: string, parent: string): Answer {
    model.links.delete(`${parent} ${id}`)
    say(model, id, 'unlinked')
    return 'done'
  },
} as const

function hasKey(model: Model, key: string | null): boolean {
  const all = [...model.tasks.values()]
  return all.some((task) => key && task.idempotency_key === key && task.status !== 'archived')
}

/** The lease of a run elsewhere is all that can be known of its processes; of our own we know. */
function isEnding(model: Model, id: string, at: string): boolean {
  return [...model.runs.values()].some(
    (run) =>
      run.task_id === id &&
      run.runner_pid !== null &&
      run.exited_at === null &&
      (run.host === at || Number(run.claim_expires) > model.now),
  )
}

function isBelow(model: Model, id: string, top: string): boolean {
  return childrenOf(model, top).some((child) => child === id || isBelow(model, id, child))
}

const outcomeOf = {
  exited: 'crashed',
  failed: 'crashed',
  runner_gone: 'crashed',
  timed_out: 'timed_out',
  not_started: 'spawn_failed',
} as const

const longestQuota = 24 * 3600

function closeAs(model: Model, task: Task, end: End): void {
  const origin = settled(model, task.id)
  if (end.how === 'stopped') {
    go(model, task, origin, 'reclaimed', { summary: end.reason })
  } else if (end.how === 'unfinished' || (end.how === 'exited' && end.exit.code === 0)) {
    say(model, task.id, 'protocol_violation', task.current_run_id)
    giveUp(model, task, 'protocol')
  } else if (end.how === 'exited' && end.exit.code === 75) {
    if (quotasSince(model, task) <= model.now - longestQuota) {
      giveUp(model, task, 'quota')
      return
    }
    go(model, task, origin, 'rate_limited', { outcome: 'rate_limited', error: failure })
    task.not_before = model.now + 300
  } else if (end.how === 'locked_out') {
    const closing = { outcome: 'blocked', summary: end.reason, error: failure } as const
    go(model, task, 'blocked', 'blocked', closing)
    task.block_kind = 'login'
    task.last_failure_error = failure
    task.not_before = null
  } else if (end.how === 'not_started' && !end.counted) {
    go(model, task, origin, 'spawn_failed', { outcome: 'spawn_failed', error: failure })
  } else {
    fail(model, task, origin, outcomeOf[end.how])
  }
}

function giveUp(model: Model, task: Task, kind: string): void {
  go(model, task, 'blocked', 'gave_up', { outcome: 'gave_up', error: failure })
  task.block_kind = kind
  task.last_failure_error = failure
  task.not_before = null
}

/** When the first of the quotas was met that its runs have met without any other end between, for the same profile. */
function quotasSince(model: Model, task: Task): number {
  const now = model.runs.get(task.current_run_id ?? 0)
  const earlier = [...model.runs.values()].filter(
    (run) => run.task_id === task.id && run.id !== now?.id,
  )
  const other = earlier.findLastIndex(
    (run) => run.outcome !== 'rate_limited' || run.profile !== now?.profile,
  )
  return Math.min(...earlier.slice(other + 1).map((run) => run.ended_at ?? model.now))
}

function fail(
  model: Model,
  task: Task,
  origin: Status,
  outcome: 'crashed' | 'timed_out' | 'spawn_failed',
): void {
  task.consecutive_failures += 1
  task.last_failure_error = failure
  if (task.consecutive_failures >= (task.max_retries ?? policy.limit)) {
    giveUp(model, task, 'breaker')
  } else {
    go(model, task, origin, outcome, { outcome, error: failure })
    const delay = policy.delay * 2 ** (task.consecutive_failures - 1)
    task.not_before = model.now + Math.min(delay, 300)
  }
}
