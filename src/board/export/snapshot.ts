import type { Reader, Store } from '../../store/store.ts'

/**
 * What `body` gives, one after another as it is asked for, all from one state of the board: so that
 * no link names a task that came later. Other reads of this store wait for its end; it is meant for
 * a process that does nothing else.
 */
export async function* fromSnapshot<T>(
  store: Store,
  body: (reader: Reader) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const { readable, writable } = new TransformStream<T, T>()
  const writer = writable.getWriter()
  const reading = store
    .read(async (reader) => {
      for await (const item of body(reader)) await writer.write(item)
    })
    // Whoever asks is told what went wrong; when nobody asks any more, that is the end of it.
    .then(
      () => writer.close(),
      (error) => writer.abort(error),
    )
    .catch(() => {})
  try {
    yield* readable
  } finally {
    await reading
  }
}
