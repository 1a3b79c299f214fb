/** Results as text that a terminal can be given. */

import { neutralise } from '../../lib/text.ts'

/**
 * The same value with every string in it made harmless to a terminal: what people, agents and
 * programs wrote may hold escape sequences. Done once, here, so that no view can forget it.
 */
export function harmless<T>(value: T): T {
  return walk(value) as T
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return neutralise(value)
  if (Array.isArray(value)) return value.map(walk)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [neutralise(key), walk(part)]),
  )
}

/** JSON with control characters and marks of direction escaped, which a terminal would obey. */
export function json(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
