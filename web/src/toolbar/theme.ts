import { createStore } from '../lib/store.ts'

export type Theme = 'system' | 'light' | 'dark'

/** Read again by theme.js before the next first paint. */
const key = 'hermes.theme'

export const theme = createStore<Theme>(given())

function given(): Theme {
  const said = document.documentElement.dataset.theme
  return said === 'light' || said === 'dark' ? said : 'system'
}

export function setTheme(next: Theme): void {
  theme.set(next)
  if (next === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = next
  try {
    if (next === 'system') localStorage.removeItem(key)
    else localStorage.setItem(key, next)
  } catch {
    // Storage is forbidden: it holds until the page is closed.
  }
}
