import type { Board } from '../../board/board.ts'
import {
  disown,
  own,
  type Place,
  pass,
  refused,
  toldBy,
  unsubscribe,
} from '../../board/subscriptions.ts'
import { nextUntold, type Untold } from '../../board/untold.ts'
import { platformNames } from '../../config/platforms.ts'
import { isWaitedFor } from '../../dispatcher/trouble.ts'
import type { Log } from '../../lib/log.ts'
import { told } from '../../model/event.ts'
import { redact } from '../chats/redact.ts'
import { SendError } from '../chats/send-error.ts'
import { atMost } from '../part.ts'
import type { Note } from './note.ts'
import type { Senders } from './senders.ts'

export interface Delivering {
  readonly senders: Senders
  /** This gateway, to others on the same board. */
  readonly owner: string
  readonly log: Log
  readonly signal: AbortSignal
  /** A subscription was ended because its chat would not take a message. */
  readonly onDropped: (place: Place, board: string, reason: string) => Promise<void>
}

/** What became of the next thing that a subscription was to be told. */
export type Outcome =
  /** There may be more. */
  | { readonly is: 'gone on' }
  /** It knows everything, or is gone. */
  | { readonly is: 'nothing' }
  /** Nobody here can send there now. */
  | { readonly is: 'waits' }
  /** Nobody here speaks in that chat. */
  | { readonly is: 'unlisted' }
  /** Another gateway tells it, or the chat has refused once: to be looked at again. */
  | { readonly is: 'held'; readonly seconds: number }
  /** The other end is away, or wants no more for `seconds`: nothing goes to that chat until then. */
  | { readonly is: 'away'; readonly seconds: number; readonly why: string }

/** In a row; then the subscription ends. */
const mostFailures = 3

/** Before another try to write down what was sent, in milliseconds. */
const retryMs = 200

/** More than the time that a message may take: an owner with less left makes sure first. */
const safeSeconds = 40

const known = new Set<string>([...platformNames, 'webhook'])

/**
 * Tells a subscription one event: claims it, sends, and moves the cursor only when the other end has
 * accepted. Killed in between, it is told that event once more.
 */
export async function deliverNext(
  { slug, store }: Board,
  place: Place,
  { senders, owner, log, signal, onDropped }: Delivering,
): Promise<Outcome> {
  const next = await store.read((reader) => nextUntold(reader, place))
  if (next === undefined) return { is: 'nothing' }
  const { event } = next
  const kind = told.find((one) => one === event.kind)
  const passed = async (): Promise<Outcome> => {
    await store.write((tx) => pass(tx, place, event.id))
    return { is: 'gone on' }
  }
  if (kind === undefined || !known.has(place.platform)) return passed()
  const sender = senders.get(place.platform)
  if (sender === undefined) return { is: 'waits' }
  const note: Note = { ...next, kind, board: slug }
  const accepts = await sender.accepts(place.chat_id, note)
  if (accepts === 'not here') return { is: 'unlisted' }
  if (accepts === 'not this event') return passed()
  if (!isOurs(next, owner) && !(await store.write((tx) => own(tx, place, owner, next.last)))) {
    return { is: 'held', seconds: next.owner_until - next.now + 1 }
  }
  try {
    await sender.send(note, place)
  } catch (error) {
    return failed(error)
  }
  await insist(() => store.write((tx) => toldBy(tx, place, event.id, owner)), signal)
  return { is: 'gone on' }

  async function failed(error: unknown): Promise<Outcome> {
    const { failure, message, seconds = 0 } = error instanceof SendError ? error : unexpected(error)
    if (failure === 'later') return { is: 'away', seconds, why: message }
    if (failure !== 'refused') {
      await store.write((tx) => disown(tx, place, owner))
      return { is: 'away', seconds: 0, why: message }
    }
    const failures = await store.write(async (tx) => {
      const count = await refused(tx, place)
      if (count >= mostFailures) await unsubscribe(tx, place)
      return count
    })
    const where = `${place.platform} ${place.chat_id}`
    log.warn(`${where} did not take what became of ${place.task_id}: ${message}`, { board: slug })
    if (failures < mostFailures) return { is: 'held', seconds: 0 }
    log.error(`${where} is told no more about ${place.task_id} after ${failures} such answers`)
    await onDropped(place, slug, message)
    return { is: 'nothing' }
  }
}

/** What was accepted is written down however long the board is busy or away: else it would be sent again. */
async function insist(write: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await write()
    } catch (error) {
      if (signal.aborted || !isWaitedFor(error)) throw error
      await atMost(retryMs, signal)
    }
  }
}

function isOurs({ owner, owner_until, now }: Untold, us: string): boolean {
  return owner === us && owner_until > now + safeSeconds
}

/** A fault of ours must not end anybody's subscription. */
function unexpected(error: unknown): { failure: 'down'; message: string; seconds?: number } {
  return { failure: 'down', message: redact(error) }
}
