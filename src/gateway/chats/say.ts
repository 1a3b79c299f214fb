import { type Known, remember, type Subject } from '../memory/messages.ts'
import { atMost } from '../part.ts'
import type { Seeing } from './asking.ts'
import type { Incoming, Message, Spot } from './platform.ts'
import { SendError } from './send-error.ts'

/** Pauses between tries, in milliseconds. An answer that comes later than these is no answer any more. */
const pauses = [500, 1000, 2000, 4000, 8000, 16_000, 30_000]

/** Answers an event, waiting for its platform for a while; what about, if about a task, is remembered. */
export async function say(
  event: Incoming,
  of: Seeing,
  message: Message,
  subject?: Subject,
  asks?: Known['asks'],
): Promise<void> {
  const id = await insist(() => of.platform.answer(event, message), of.signal)
  if (subject !== undefined) await remembered(of, event, id, subject, message.text, asks)
}

/** In Slack a thread is known by its first message: it is about what was said in it last. */
export async function remembered(
  { platform, memory }: Pick<Seeing, 'platform' | 'memory'>,
  { chat_id, thread_id }: Spot,
  id: string,
  subject: Subject,
  said: string,
  asks?: Known['asks'],
): Promise<void> {
  const ids = platform.name === 'slack' ? [id, thread_id] : [id]
  const place = { platform: platform.name, chat_id }
  await memory.write(async (tx) => {
    for (const one of ids) if (one !== '') await remember(tx, place, one, subject, said, asks)
  })
}

/** Throws what the platform said last. */
export async function insist<T>(send: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const pause of [...pauses, undefined]) {
    try {
      return await send()
    } catch (error) {
      const passes =
        error instanceof SendError && (error.failure === 'down' || error.failure === 'later')
      if (!passes || pause === undefined || signal.aborted) throw error
      await atMost(Math.min(Math.max(pause, error.seconds * 1000), 60_000), signal)
    }
  }
  throw new Error('unreachable')
}
