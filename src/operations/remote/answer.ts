/** What a worker is answered: the result of an operation, or why there is none. */

import { z } from 'zod'
import { sameSecret } from '../../lib/secret.ts'
import { messageOf } from '../../lib/thrown.ts'
import { BoardError } from '../../model/error.ts'
import { parse } from '../../model/parse.ts'
import { workerOperations } from '../for-workers.ts'
import { isLive, type Operation, perform } from '../operation.ts'
import type { Serving } from './serve.ts'
import { type answer, parsed, request } from './wire.ts'

// Compiling a schema pays when it is used often; of one worker each is used a few times.
z.config({ jitless: true })

/** Throws for what is no request at all, which ends the connection. */
export async function answerTo(
  line: string,
  serving: Serving,
  signal: AbortSignal,
): Promise<object> {
  const { id, lock, operation, input } = parse(request, parsed(line), 'understand the request')
  try {
    if (!sameSecret(lock, serving.lock)) {
      throw new BoardError('forbidden', 'this socket belongs to another run; nothing was changed')
    }
    const result = await perform(named(operation), input, serving.contextFor(signal))
    if (isLive(result)) {
      throw new BoardError('usage', `${operation} that goes on is not served here: ask for it once`)
    }
    return { id, result }
  } catch (error) {
    return { id, error: told(error) }
  }
}

function named(name: string): Operation {
  const operation = workerOperations.get(name)
  if (operation !== undefined) return operation
  const theirs = [...workerOperations.keys()].join(', ')
  throw new BoardError(
    'forbidden',
    `${name} is not for workers: nothing was changed; use ${theirs}, or ask for it in a comment, or block`,
  )
}

export function told(error: unknown): z.output<typeof answer>['error'] {
  if (error instanceof BoardError) {
    return { code: error.code, message: error.message, details: error.details }
  }
  return { code: 'environment', message: `the runner failed: ${messageOf(error)}`, details: {} }
}
