/** What is wrong with subscriptions, as status tells it. */

import type { Place } from '../../board/subscriptions.ts'
import type { Dropped } from '../memory/dropped.ts'
import type { Trouble } from './desk.ts'

/** How many of a kind are told in full. */
const mostTold = 3

export function createComplaints() {
  const waiting = new Map<string, { readonly place: Place; readonly trouble: Trouble }>()
  let dropped: readonly Dropped[] = []
  return {
    note(place: Place, trouble: Trouble | null): void {
      const key = `${place.platform} ${place.chat_id}`
      // A chat platform that is away says so itself.
      const isTold = trouble !== null && (trouble.is === 'unlisted' || place.platform === 'webhook')
      if (isTold) waiting.set(key, { place, trouble })
      else waiting.delete(key)
    },
    /** What still waits is noted again when it is looked at. */
    forget: (): void => waiting.clear(),
    /** Those of late, the newest first. */
    dropped(list: readonly Dropped[]): void {
      dropped = list
    },
    warning(): string | null {
      const all = [
        ...told(dropped, droppedSays),
        ...told([...waiting.values()], ({ place, trouble }) => waitingSays(place, trouble)),
      ]
      return all.length === 0 ? null : all.join('; ')
    },
  }
}

function told<T>(all: readonly T[], says: (one: T) => string): string[] {
  const more = all.length - mostTold
  return [...all.slice(0, mostTold).map(says), ...(more > 0 ? [`and ${more} more like it`] : [])]
}

function droppedSays({ platform, chat_id, task_id, reason }: Dropped): string {
  return `${platform} ${chat_id} is told no more about ${task_id}: ${reason}`
}

function waitingSays({ platform, chat_id }: Place, trouble: Trouble): string {
  if (trouble.is === 'away') return `${platform} ${chat_id} waits: ${trouble.why}`
  const list = platform === 'webhook' ? 'gateway.webhooks' : `gateway.${platform}.allowed_chats`
  return `${platform} ${chat_id} is not in ${list} of config.yaml and is told nothing: add it, or end its subscriptions with hermes kanban notify-unsubscribe`
}
