import { createStore, useStore, useStorePart } from '../lib/store.ts'

interface Selection {
  readonly ids: ReadonlySet<string>
  /** Where a range begins. */
  readonly anchor: string | null
}

const none: Selection = { ids: new Set(), anchor: null }
const store = createStore<Selection>(none)

export function useSelection(): ReadonlySet<string> {
  return useStore(store).ids
}

export function useIsSelected(id: string): boolean {
  return useStorePart(store, ({ ids }) => ids.has(id))
}

export function useAnySelected(): boolean {
  return useStorePart(store, ({ ids }) => ids.size > 0)
}

export function selected(): ReadonlySet<string> {
  return store.get().ids
}

export function toggle(id: string): void {
  const ids = new Set(store.get().ids)
  if (!ids.delete(id)) ids.add(id)
  store.set({ ids, anchor: id })
}

/** From the card that was chosen last to this one, in the order of `column`. */
export function extendTo(id: string, column: readonly string[]): void {
  const { ids, anchor } = store.get()
  const from = anchor === null ? -1 : column.indexOf(anchor)
  if (from < 0) {
    toggle(id)
    return
  }
  const to = column.indexOf(id)
  const range = column.slice(Math.min(from, to), Math.max(from, to) + 1)
  store.set({ ids: new Set([...ids, ...range]), anchor })
}

/** All of a column, or none of it where all are selected. */
export function toggleAll(column: readonly string[]): void {
  const { ids } = store.get()
  const all = column.every((id) => ids.has(id))
  const next = all ? ids.difference(new Set(column)) : ids.union(new Set(column))
  store.set({ ids: next, anchor: null })
}

/** These as well. */
export function select(ids: Iterable<string>): void {
  store.set({ ids: store.get().ids.union(new Set(ids)), anchor: null })
}

export function deselect(ids: Iterable<string>): void {
  const left = store.get().ids.difference(new Set(ids))
  store.set(left.size === 0 ? none : { ids: left, anchor: null })
}

export function clearSelection(): void {
  store.set(none)
}
