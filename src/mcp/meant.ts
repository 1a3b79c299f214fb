import type { z } from 'zod'
import { type Kind, kindOf } from '../operations/command/schema.ts'

/**
 * What a model meant by the value that it wrote for a field: `"false"`, `"3"`, a list as JSON, nothing.
 * Whatever can be read in more than one way, or in none, stays as it is, for the operation to refuse.
 */
export function meant(schema: z.ZodType, written: unknown): unknown {
  const read = reading(kindOf(schema), written)
  if (read !== written && takes(schema, read)) return read
  const saysNothing = written === null || (typeof written === 'string' && written.trim() === '')
  return saysNothing && !takes(schema, written) && takes(schema, undefined) ? undefined : written
}

function reading(kind: Kind, written: unknown): unknown {
  switch (kind) {
    case 'switch':
      return truth(written)
    case 'number':
      return typeof written === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(written)
        ? Number(written)
        : written
    case 'list':
      return typeof written === 'string' && written.trim().startsWith('[')
        ? listIn(written)
        : written
    case 'text':
      return typeof written === 'number' ? String(written) : written
  }
}

function truth(written: unknown): unknown {
  const word = String(written).trim().toLowerCase()
  if (['true', 'yes', '1'].includes(word)) return true
  if (['false', 'no', '0'].includes(word)) return false
  return written
}

function listIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function takes(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success
}
