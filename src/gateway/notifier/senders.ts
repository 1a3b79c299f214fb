/** What connects the notifier with the parts that can deliver something. */

import type { PlatformName } from '../../config/platforms.ts'
import type { Spot } from '../chats/platform.ts'
import type { Note } from './note.ts'

export type SenderName = PlatformName | 'webhook'

export interface Sender {
  /** Whether this chat is one that is spoken in, and this event one that is told there. */
  accepts(chat_id: string, note: Note): Promise<'yes' | 'not this event' | 'not here'>
  /** Resolves when it was accepted at the other end. Throws `SendError`. */
  send(note: Note, to: Spot): Promise<void>
}

export interface Senders {
  /** Undefined while it cannot send. */
  get(name: string): Sender | undefined
  set(name: SenderName, sender: Sender | undefined): void
  /** Calls `listener` when one has become able to send. Returns what stops it. */
  onReady(listener: () => void): () => void
}

export function createSenders(): Senders {
  const all = new Map<string, Sender>()
  const listeners = new Set<() => void>()
  return {
    get: (name) => all.get(name),
    set(name, sender) {
      if (sender === undefined) {
        all.delete(name)
        return
      }
      all.set(name, sender)
      for (const listener of listeners) listener()
    },
    onReady(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
