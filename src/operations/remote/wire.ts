/**
 * Operations over a unix socket, from a worker to the runner that looks after it, so that a worker
 * never opens the database. One JSON value a line: `{id, lock, operation, input}` is answered by
 * `{id, result}` or `{id, error: {code, message, details}}`. A connection carries any number of
 * requests, or none: whoever only wants to know when the runner ends waits for the end of the file.
 */

import { z } from 'zod'
import { BoardError, errorCodes } from '../../model/error.ts'

export const request = z.object({
  id: z.union([z.number(), z.string()]),
  lock: z.string(),
  operation: z.string(),
  input: z.unknown(),
})

export const answer = z.object({
  result: z.unknown().optional(),
  error: z
    .object({
      code: z.enum(errorCodes),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).default({}),
    })
    .optional(),
})

/** Throws `invalid` for what is no JSON. */
export function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new BoardError('invalid', 'a line that is no JSON was sent; nothing was changed')
  }
}
