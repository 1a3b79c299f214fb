import { createStore } from '../lib/store.ts'

/** What is under way, by hand or by keyboard; null while nothing is. */
export interface Dragging {
  readonly ids: readonly string[]
  readonly by: 'pointer' | 'touch' | 'keyboard'
  /** The column that a drop would lead to. */
  readonly over: string | null
}

export const dragging = createStore<Dragging | null>(null)
