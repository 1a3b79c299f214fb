import { useState } from 'react'
import { remember, remembered } from '../lib/session.ts'

/** What somebody has seen and does not want to see again until the window is closed. */
export function useDismissed(what: string) {
  const key = `hermes.dismissed/${what}`
  const [names, setNames] = useState(() => new Set((remembered(key) ?? '').split('\n')))
  return {
    isDismissed: (name: string) => names.has(name),
    dismiss(more: readonly string[]) {
      const next = new Set([...names, ...more])
      remember(key, [...next].join('\n'))
      setNames(next)
    },
  }
}
