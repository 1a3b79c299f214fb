import type { Boards } from '../../../src/http/types.ts'
import { createStore } from '../lib/store.ts'

type Listed = Boards['boards'][number]

/** What somebody is doing with boards themselves; null while nobody is. */
export type BoardDialog =
  | { readonly does: 'create' }
  | { readonly does: 'rename' | 'archive'; readonly board: Listed }

export const boardDialog = createStore<BoardDialog | null>(null)
