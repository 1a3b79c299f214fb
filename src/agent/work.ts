/** A worker: turns until its task is handed over, and one outcome for every way in which that can end. */

import type { WorkerFacts } from '../config.ts'
import { messageOf } from '../lib/thrown.ts'
import type { Ask } from '../mcp/tool.ts'
import { quotaExit } from '../model/quota-exit.ts'
import { workerOperation } from '../operations/for-workers.ts'
import { keepAlive } from './alive.ts'
import { ModelTrouble } from './model/trouble.ts'
import type { Report } from './report.ts'
import type { Session } from './session.ts'
import { OutOfContext } from './talk/fit.ts'
import { type TurnEnd, turn } from './talk/turn.ts'

/** 128 and the number of the signal, as a shell says it. */
export const terminatedExit = 143

export interface WorkOf {
  readonly session: Session
  readonly order: string
  readonly worker: WorkerFacts
  readonly ask: Ask
  readonly signal: AbortSignal
  /** Milliseconds between two heartbeats. */
  readonly pulse: number
  readonly report: Report
  /** What is going on, for a heartbeat. */
  readonly doing: () => string
}

export interface Ending {
  readonly exit: number
  /** For the log; undefined where all is said. */
  readonly says?: string
}

/** Never throws: what goes wrong is an ending too. */
export async function work(of: WorkOf): Promise<Ending> {
  const { session, signal, report } = of
  const ended = new AbortController()
  const alive = keepAlive({
    ...of,
    task: of.worker.task,
    // Should this process be killed, nobody could tell it any more.
    onBeat: noteUsage,
    onEnd: (why) => ended.abort(why),
  })
  try {
    return await handOver(of, AbortSignal.any([signal, ended.signal]))
  } catch (error) {
    if (signal.aborted) return { exit: terminatedExit, says: 'ended by a signal' }
    return await endingOf(error, of)
  } finally {
    alive.stop()
    await noteUsage()
  }

  async function noteUsage(): Promise<void> {
    await report.write({ usage: session.talk.usage }).catch(() => {})
  }
}

const reminder = (task: string): string =>
  `Your task ${task} is still running: nothing counts until it is handed over. Call kanban_complete if it is done and checked, or kanban_block with one question if it cannot be done without a person. Go on working if it is neither.`

async function handOver(of: WorkOf, signal: AbortSignal): Promise<Ending> {
  const { session, order, worker } = of
  const { talk, profile } = session
  const steps = { left: profile.max_steps }
  for (const prompt of [order, reminder(worker.task)]) {
    talk.messages.push({ role: 'user', content: prompt })
    const end = await turn(talk, steps, signal)
    if (end.how === 'ended' || (await isHandedOver(of))) return { exit: 0 }
    if (end.how === 'out of steps') return await block(of, outOfSteps(profile.max_steps))
    if (prompt !== order) return await block(of, silent(end))
  }
  throw new TypeError('a reminder is the last prompt')
}

function outOfSteps(most: number): string {
  return `I have used all ${most} answers that a run may take and am not done. What I have is in my folder and in the comments. Shall another run go on from there? More answers for a run: kanban.max_steps of the profile.`
}

function silent(end: TurnEnd): string {
  const text = end.how === 'said' ? end.text.trim() : ''
  const last = text === '' ? 'It said nothing.' : `It said last: ${text}`
  return `The model has ended its turn twice without kanban_complete or kanban_block. ${last}`
}

/** Also by a command that it ran itself: what counts is what the board knows. */
async function isHandedOver({ ask, worker }: WorkOf): Promise<boolean> {
  const shown = (await ask(workerOperation('show'), { task_id: worker.task })) as {
    readonly task: { readonly status: string; readonly current_run_id: number | null }
  }
  const { status, current_run_id } = shown.task
  return status !== 'running' || (worker.runId ?? current_run_id) !== current_run_id
}

async function block({ ask, worker }: WorkOf, reason: string): Promise<Ending> {
  await ask(workerOperation('block'), { task_id: worker.task, reason })
  return { exit: 0, says: `blocked: ${reason}` }
}

async function endingOf(error: unknown, of: WorkOf): Promise<Ending> {
  try {
    if (error instanceof ModelTrouble) return await ofTrouble(error, of)
    if (error instanceof OutOfContext) {
      const reason = `The conversation is too long: ${error.message}, and it cannot be made shorter. Divide the task, or give the profile a model with a larger window.`
      return await block(of, reason)
    }
  } catch (second) {
    return { exit: 1, says: messageOf(second) }
  }
  return { exit: 1, says: messageOf(error) }
}

async function ofTrouble({ trouble, message }: ModelTrouble, of: WorkOf): Promise<Ending> {
  const { name, provider, keys } = of.session.talk.model.chosen
  switch (trouble.kind) {
    case 'quota': {
      await of.report.write({ retry_at: trouble.retryAt })
      return { exit: quotaExit, says: `${provider} has no more for now: ${message}` }
    }
    case 'login': {
      const key = keys.join(' or ') || 'a key'
      const login = `${provider} does not take ${key}: ${message}`
      if (!of.report.isRead) return await block(of, `${login}. Set it anew, and unblock.`)
      await of.report.write({ login })
      return { exit: 1, says: login }
    }
    default:
      return { exit: 1, says: `${name}: ${message}` }
  }
}
