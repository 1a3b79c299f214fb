import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'

/** A reader that is gone without a word is noticed when this cannot be sent, in milliseconds. */
const stillHereMs = 15_000

/**
 * Each item as an event of a stream, until there is none left or the reader hangs up, which `onGone` is
 * told. The next is asked for when the reader has taken the last: what is slow costs no memory.
 */
export function streamOf(c: Context, items: AsyncIterable<unknown>, onGone: () => void): Response {
  return streamSSE(c, async (stream) => {
    stream.onAbort(onGone)
    const beat = setInterval(() => void stream.write(': still here\n\n'), stillHereMs)
    try {
      await stream.write(': from here on\n\n')
      for await (const item of items) {
        if (stream.aborted) break
        await stream.writeSSE({ data: JSON.stringify(item) })
      }
    } finally {
      clearInterval(beat)
      onGone()
    }
  })
}
