import { createStore, useStore, useStorePart } from '../lib/store.ts'
import { type Place, readPlace, writePlace } from './place.ts'

const store = createStore(readPlace(location.search))

window.addEventListener('popstate', () => store.set(readPlace(location.search)))

export function usePlace(): Place {
  return useStore(store)
}

export function currentPlace(): Place {
  return store.get()
}

/** The address of here, but for what is changed. */
export function hrefTo(change: Partial<Place>): string {
  return writePlace({ ...store.get(), ...change })
}

/** A step that Back undoes. */
export function goTo(change: Partial<Place>): void {
  const next = { ...store.get(), ...change }
  const href = writePlace(next)
  if (href !== writePlace(store.get())) history.pushState(null, '', href)
  store.set(next)
}

/** Without a step of its own: each letter of a search would be one. */
export function adjust(change: Partial<Place>): void {
  const next = { ...store.get(), ...change }
  history.replaceState(null, '', writePlace(next))
  store.set(next)
}

export function useIsOpen(task: string): boolean {
  return useStorePart(store, (place) => place.task === task)
}
