import type { Socket } from 'node:net'
import { BoardError } from '../../model/error.ts'

/** Throws `invalid` for a line of more than `longest` bytes. */
export async function* linesOf(
  socket: Socket,
  longest = Number.POSITIVE_INFINITY,
): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let size = 0
  // Left open when a line is no good, for the answer that says so.
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    let rest = chunk
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]).toString()
      parts = []
      size = 0
      rest = rest.subarray(end + 1)
    }
    parts.push(rest)
    size += rest.length
    if (size > longest) {
      throw new BoardError('invalid', `a request has at most ${longest} bytes; nothing was changed`)
    }
  }
}
