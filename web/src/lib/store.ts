import { useSyncExternalStore } from 'react'

/** A value outside of React that components can follow. For what belongs to this window alone. */
export interface Store<T> {
  get(): T
  set(next: T): void
  subscribe(listener: () => void): () => void
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get)
}

/** Follows a part: the component is drawn again only when that part changes. */
export function useStorePart<T, Part extends string | number | boolean | null | undefined>(
  store: Store<T>,
  part: (value: T) => Part,
): Part {
  return useSyncExternalStore(store.subscribe, () => part(store.get()))
}
