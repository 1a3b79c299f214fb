import { createStore } from '../lib/store.ts'

/** One menu serves all cards: a board has thousands of them. */
export const cardMenu = createStore<{
  readonly id: string
  readonly at: { readonly x: number; readonly y: number }
} | null>(null)

export function openMenu(id: string, at: { readonly x: number; readonly y: number }): void {
  cardMenu.set({ id, at })
}
