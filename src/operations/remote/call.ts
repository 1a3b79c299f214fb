import { connect } from 'node:net'
import { BoardError } from '../../model/error.ts'
import { parse } from '../../model/parse.ts'
import { linesOf } from './lines.ts'
import { answer, parsed } from './wire.ts'

/** Has the runner at `path` do an operation. Throws what it throws, or `environment` when it is gone. */
export async function callOperation(
  path: string,
  lock: string,
  operation: string,
  input: unknown,
): Promise<unknown> {
  const socket = connect(path)
  try {
    socket.write(`${JSON.stringify({ id: 1, lock, operation, input })}\n`)
    for await (const line of linesOf(socket)) {
      const { result, error } = parse(answer, parsed(line), 'understand the runner')
      if (error !== undefined) throw new BoardError(error.code, error.message, error.details)
      return result
    }
  } catch (error) {
    throw error instanceof BoardError ? error : runnerGone(error)
  } finally {
    socket.destroy()
  }
  throw runnerGone()
}

function runnerGone(cause?: unknown): BoardError {
  const why = cause instanceof Error ? ` (${cause.message})` : ''
  return new BoardError(
    'store_unreachable',
    `the runner of this run does not answer${why}: the run has probably ended, stop working on it`,
  )
}
