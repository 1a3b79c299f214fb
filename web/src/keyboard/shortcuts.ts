import { useEffect, useEffectEvent } from 'react'

/** What a key does here. True: it was meant for this, and nobody else gets it. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => boolean | undefined>>

/**
 * Keys that work wherever nobody is typing and no menu or dialog is open. A name is the key as the
 * browser tells it, with `Shift+` before those that need it.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (isBusy(event.target)) return
    const name = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key
    if (shortcuts[name]?.(event)) event.preventDefault()
  })
  useEffect(() => {
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}

/** Where letters are letters. */
export const typing = 'input:not([type="checkbox"]), textarea, select, [contenteditable="true"]'
const taken = '[role="menu"], [role="listbox"], [role="dialog"][data-open]:not([data-aside])'

function isBusy(target: EventTarget | null): boolean {
  if (target instanceof Element && target.closest(`${typing}, ${taken}`)) return true
  return document.querySelector(taken) !== null
}

/** Whether Enter or Space on it does something of its own. */
export function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, summary, [role="tab"]') !== null
}
