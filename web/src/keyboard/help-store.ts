import { createStore } from '../lib/store.ts'

export const helping = createStore(false)

export function showHelp(): void {
  helping.set(true)
}
