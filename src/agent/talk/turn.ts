/** One turn: the model answers and calls, its calls are done, until it has nothing more to call. */

import { messageOf } from '../../lib/thrown.ts'
import { machineError } from '../../model/system-error.ts'
import { type Answer, answerOf, type ToolCall } from '../model/answer.ts'
import { ModelTrouble } from '../model/trouble.ts'
import type { Result } from '../tools/tool.ts'
import { fit, OutOfContext, roomOf } from './fit.ts'
import { tokensOf } from './shorten.ts'
import type { Talk } from './talk.ts'

/** Answers that may still be given; every turn of a conversation takes from the same. */
export interface Steps {
  left: number
}

export type TurnEnd =
  /** The model has said its last word. */
  | { readonly how: 'said'; readonly text: string }
  /** A tool has ended the work. */
  | { readonly how: 'ended' }
  | { readonly how: 'out of steps' }

/** Answers left at which the model is told to come to an end. */
const warnAt = 5

/** Throws `ModelTrouble`, `OutOfContext`, or the reason of `signal`. */
export async function turn(talk: Talk, steps: Steps, signal: AbortSignal): Promise<TurnEnd> {
  for (; steps.left > 0; steps.left--) {
    const { text, calls, message, isCut } = await nextAnswer(talk, signal)
    talk.listener.said()
    if (message !== undefined) talk.messages.push(message)
    if (calls.length === 0 && !isCut) return { how: 'said', text }
    if (calls.length > 0) {
      const ends = await useTools(talk, calls, signal)
      if (ends) return { how: 'ended' }
    } else {
      talk.messages.push({ role: 'user', content: 'Your answer was cut at its limit. Go on.' })
    }
    if (steps.left === warnAt) {
      const content = `You have ${warnAt - 1} answers left. Come to an end.`
      talk.messages.push({ role: 'user', content })
    }
  }
  return { how: 'out of steps' }
}

/** A window may be smaller than we think: what is refused is made shorter, a few times. */
const overflows = 4

async function nextAnswer(talk: Talk, signal: AbortSignal): Promise<Answer> {
  let room = roomOf(talk)
  for (let tries = 0; ; tries++) {
    await fit(talk, room, signal)
    try {
      return await answerOf({ ...talk, signal })
    } catch (error) {
      if (!(error instanceof ModelTrouble) || error.trouble.kind !== 'overflow') throw error
      if (tries === overflows) throw new OutOfContext(error.message)
      room = Math.floor(Math.min(room, tokensOf(talk.messages)) * 0.6)
    }
  }
}

/**
 * One after the other, as the model wrote them: a later one may count on an earlier. Each has a result in the
 * conversation, also when it is stopped: no provider takes a call without one. True when one ended the work.
 */
async function useTools(
  talk: Talk,
  calls: readonly ToolCall[],
  signal: AbortSignal,
): Promise<boolean> {
  const results: Result[] = []
  let ends = false
  try {
    for (const call of calls) {
      const result: Result = ends ? tooLate : await useTool(talk, call, signal)
      ends ||= result.ends === true
      results.push(result)
    }
    return ends
  } finally {
    const content = calls.map((call, at) => resultPart(call, results[at] ?? stopped))
    talk.messages.push({ role: 'tool', content })
  }
}

const tooLate: Result = { text: 'not done: the task was handed over before', failed: true }

const stopped: Result = { text: 'stopped before it was done', failed: true }

function resultPart({ id, name }: ToolCall, { text, failed }: Result) {
  return {
    type: 'tool-result' as const,
    toolCallId: id,
    toolName: name,
    output: { type: failed ? ('error-text' as const) : ('text' as const), value: text },
  }
}

async function useTool(talk: Talk, call: ToolCall, signal: AbortSignal): Promise<Result> {
  const tool = talk.tools.find(({ name }) => name === call.name)
  talk.listener.calling(call.name, call.fault === undefined ? (tool?.about(call.input) ?? '') : '')
  const result = await resultOf()
  talk.listener.called(call.name, result)
  return result

  async function resultOf(): Promise<Result> {
    if (tool === undefined) {
      const names = talk.tools.map(({ name }) => name).join(', ')
      const use = names === '' ? 'you have none' : `use one of ${names}`
      return { text: `there is no tool ${call.name}; nothing was done: ${use}`, failed: true }
    }
    if (call.fault !== undefined) {
      return {
        text: `the arguments of ${call.name} cannot be read (${call.fault}); nothing was done: call it again with one JSON object`,
        failed: true,
      }
    }
    try {
      return await tool.run(call.input, signal)
    } catch (error) {
      signal.throwIfAborted()
      return { text: messageOf(machineError(error) ?? error), failed: true }
    }
  }
}
