import { createStore } from '../lib/store.ts'

/** What is known of a new task before somebody has typed anything. */
export interface Start {
  readonly status?: string
  readonly parents?: readonly string[]
}

/** Null while nobody is making one. */
export const creating = createStore<Start | null>(null)

export function startCreating(start: Start): void {
  creating.set(start)
}
