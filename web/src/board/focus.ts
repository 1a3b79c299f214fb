import { createStore, useStorePart } from '../lib/store.ts'

/** The card that the keys act on. It keeps its place while its column scrolls it out of the page. */
const focus = createStore<string | null>(null)

/** A card that is to be brought into view and take the keyboard. */
export const wanted = createStore<{ readonly id: string } | null>(null)

export function focusedCard(): string | null {
  return focus.get()
}

/** The keyboard is on it already. */
export function noteFocus(id: string): void {
  focus.set(id)
}

export function bringFocusTo(id: string): void {
  focus.set(id)
  const link = linkOf(id)
  // Most are drawn; one that is not has to be scrolled to first.
  if (link === null) wanted.set({ id })
  else link.focus()
}

export function useIsFocused(id: string): boolean {
  return useStorePart(focus, (focused) => focused === id)
}

export function linkOf(id: string): HTMLElement | null {
  return document.querySelector(`[data-card="${CSS.escape(id)}"] a`)
}
