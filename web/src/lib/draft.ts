import { useSyncExternalStore } from 'react'
import { remember, remembered } from './session.ts'

/**
 * What somebody is typing. It is kept outside of what shows it, so that neither an event, nor
 * another card, nor a reload of the page takes it away; only who wrote it does.
 */
export interface Draft {
  /** Undefined while nothing is typed. */
  readonly text: string | undefined
  set(text: string): void
  drop(): void
}

const listeners = new Map<string, Set<() => void>>()

function write(key: string, text: string | undefined): void {
  remember(key, text)
  for (const listener of listeners.get(key) ?? []) listener()
}

function follow(key: string, listener: () => void): () => void {
  const all = listeners.get(key) ?? new Set()
  listeners.set(key, all.add(listener))
  return () => {
    all.delete(listener)
    if (all.size === 0) listeners.delete(key)
  }
}

/** `name` says what it is a draft of: `default/t_1a2b3c4d/title`. */
export function useDraft(name: string): Draft {
  const key = `hermes.draft/${name}`
  const text = useSyncExternalStore(
    (listener) => follow(key, listener),
    () => remembered(key),
  )
  return {
    text,
    set: (next) => write(key, next),
    drop: () => write(key, undefined),
  }
}
