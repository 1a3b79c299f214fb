import { createStore } from '../lib/store.ts'

/** The cards for which somebody is choosing an assignee; null while nobody is. */
export const assigning = createStore<readonly string[] | null>(null)

export function askAssignee(ids: readonly string[]): void {
  assigning.set(ids)
}
