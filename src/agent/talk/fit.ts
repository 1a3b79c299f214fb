import type { ModelMessage } from 'ai'
import { answerOf } from '../model/answer.ts'
import { ends } from '../tools/bound.ts'
import { cutResults, divide, tokensOf } from './shorten.ts'
import type { Talk } from './talk.ts'

/** Even the beginning and the latest step are more than the model can hold. */
export class OutOfContext extends Error {
  override readonly name = 'OutOfContext'
}

/** Of the window, what is left to the answer; the whole measure is rough. */
const share = 0.75

/** Tokens that the conversation itself may have. */
export function roomOf({ model, instructions, tools }: Talk): number {
  const window = model.chosen.context - (model.chosen.output ?? 0)
  const offers = tools.map(({ name, says, input }) => ({ name, says, input }))
  return Math.floor(window * share) - tokensOf(instructions) - tokensOf(offers)
}

/**
 * Makes the conversation shorter until it fits into `room`: first what tools have returned, then all between
 * its beginning and the latest steps, of which a summary stays. Throws `OutOfContext` when that is not enough.
 */
export async function fit(talk: Talk, room: number, signal: AbortSignal): Promise<void> {
  const before = tokensOf(talk.messages)
  if (before <= room) return
  talk.messages = cutResults(talk.messages, room)
  if (tokensOf(talk.messages) > room) await dropMiddle(talk, room, signal)
  const after = tokensOf(talk.messages)
  if (after > room) {
    throw new OutOfContext(
      `the window of ${talk.model.chosen.name} (${talk.model.chosen.context} tokens) is full`,
    )
  }
  talk.listener.shortened(`from about ${before} to ${after} tokens`)
}

async function dropMiddle(talk: Talk, room: number, signal: AbortSignal): Promise<void> {
  const divided = divide(talk.messages, Math.floor(room / 3))
  if (divided === undefined) return
  const { first, middle, last } = divided
  const summary = await summaryOf(talk, [first, ...middle], room, signal)
  const left = `(${middle.length} earlier messages of this conversation were left out to make room.`
  const text =
    summary === undefined ? `${left})` : `${left} A summary of them follows.)\n\n${summary}`
  talk.messages = [first, { role: 'user', content: text }, ...last]
}

const wish =
  'This conversation grows too long. Write for yourself, in at most 300 words, what somebody must know to go on with it: what has been done and found, which files, ids and decisions matter, what is left to do. Nothing else.'

/** By the model itself; nothing when it cannot, and then the middle is dropped without one. */
async function summaryOf(
  talk: Talk,
  messages: readonly ModelMessage[],
  room: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const text = ends(JSON.stringify(messages), room * 2)
    const content = `${wish}\n\n${text}`
    const { text: summary } = await answerOf({
      ...talk,
      tools: [],
      messages: [{ role: 'user', content }],
      signal,
      listener: { text: () => {}, again: talk.listener.again },
    })
    return summary.trim() || undefined
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}
