import type { Written } from './read.ts'
import type { Kind } from './schema.ts'

/** The value that `written` stands for. Durations and JSON stay text, which their schemas read; so does what is no number, which they refuse. */
export function coerce(kind: Kind, written: Written): unknown {
  if (kind === 'switch') return written
  if (kind === 'list') return typeof written === 'string' ? [written] : written
  const text = typeof written === 'object' ? written.join(' ') : String(written)
  return kind === 'number' ? numberIn(text) : text
}

function numberIn(text: string): number | string {
  return /^[+-]?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text
}
