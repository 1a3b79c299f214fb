import { BoardError } from '../../model/error.ts'
import type { Written } from './read.ts'
import type { Kind } from './schema.ts'

/** The value that `written` stands for; durations and JSON stay text, which their schemas read. */
export function coerce(kind: Kind, written: Written, flag: string): unknown {
  if (kind === 'switch') return written
  if (kind === 'list') return typeof written === 'string' ? [written] : written
  const text = typeof written === 'object' ? written.join(' ') : String(written)
  return kind === 'number' ? numberIn(text, flag) : text
}

function numberIn(text: string, flag: string): number {
  if (/^[+-]?\d+(\.\d+)?$/.test(text.trim())) return Number(text)
  throw new BoardError('usage', `${flag} must be a number, not ${JSON.stringify(text)}`)
}
