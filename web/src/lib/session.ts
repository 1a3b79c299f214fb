/** What this window remembers until it is closed. Where storage is forbidden, until it is reloaded. */

const memory = new Map<string, string>()

export function remembered(key: string): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined
  } catch {
    return memory.get(key)
  }
}

/** Undefined forgets it. */
export function remember(key: string, value: string | undefined): void {
  try {
    if (value === undefined) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, value)
  } catch {
    if (value === undefined) memory.delete(key)
    else memory.set(key, value)
  }
}
