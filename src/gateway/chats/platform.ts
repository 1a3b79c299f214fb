/** What the gateway asks of a chat platform. Each is one adapter of that platform's own library. */

import { z } from 'zod'
import type { PlatformName } from '../../config/platforms.ts'

/** Where a message goes. Without a thread the empty text. */
export interface Spot {
  readonly chat_id: string
  readonly thread_id: string
}

export const actions = ['unblock', 'ask', 'open'] as const
export type Action = (typeof actions)[number]

export type Button =
  | { readonly label: string; readonly action: Action }
  | { readonly label: string; readonly url: string }

export interface Message {
  /** Shown as it is: nothing in it formats, calls or links anybody. Longer than fits, it is cut with a hint. */
  readonly text: string
  /** In letters of one width, so that columns stand below each other. */
  readonly columns?: boolean
  readonly buttons?: readonly Button[]
  /** Wants a reply. */
  readonly asks?: boolean
}

/** Something that somebody did in a chat: kept as it is until it has been seen to. */
export const incoming = z.object({
  /** No other event of the platform has it; the same event has it again when it is delivered again. */
  key: z.string(),
  chat_id: z.string(),
  thread_id: z.string(),
  /** Between the bot and one user alone. */
  isPrivate: z.boolean(),
  /** The name is empty where the event does not tell it. */
  user: z.object({ id: z.string(), name: z.string() }),
  kind: z.enum(['command', 'message', 'button']),
  /** What stands behind /kanban; what was written; the button's action. */
  text: z.string(),
  /** The message itself; of a button, the one that it belongs to. */
  message_id: z.string().nullable(),
  /** The messages that it may be a reply to, the nearest first. */
  repliesTo: z.array(z.string()),
  /** What the platform wants to see in an answer. A secret, good for minutes. */
  handle: z.string().nullable(),
})

export type Incoming = z.output<typeof incoming>

/** What a platform is given to tell. */
export interface Inbound {
  /** It receives from now on; `as` names the bot. */
  connected(as: string, warning: string | null): void
  /** It tries to get its connection back by itself. */
  disconnected(why: string): void
  /**
   * Keeps the event, then has it acknowledged, then sees to it. Resolves when it is kept; with false when
   * it comes from somebody who is not answered, and nothing was done.
   */
  take(event: Incoming, acknowledge?: () => Promise<unknown>): Promise<boolean>
  /** An event could not be kept. */
  failed(error: unknown): void
  /** The chat goes on under another id. */
  moved(from: string, to: string): Promise<void>
}

export interface Platform {
  readonly name: PlatformName
  /** What nobody else on the platform is called: a handle, else the id. */
  nameOf(user: Incoming['user']): Promise<string>
  /** Connects and receives until the signal; throws when it cannot, or can no longer. */
  receive(inbound: Inbound, signal: AbortSignal): Promise<void>
  /** Resolves with the id of the message when the platform has accepted it. Throws `SendError`. */
  post(to: Spot, message: Message): Promise<string>
  /** As `post`, in answer to an event. */
  answer(event: Incoming, message: Message): Promise<string>
  /** Puts another message in the place of one of ours. Throws `SendError`. */
  edit(at: Spot, id: string, message: Message): Promise<void>
}
