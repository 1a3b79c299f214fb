import { BoardError } from '../model/error.ts'
import { lockFile } from '../store/file-lock.ts'

/** A checkout of a large repository takes a while, and there may be ten before us. */
const patienceMs = 10 * 60_000

/** Runs `work` while no other process does so under the same file. Throws `environment` when no turn came. */
export async function oneAtATime<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = await lockFile(path, patienceMs)
  if (lock === undefined) {
    throw new BoardError(
      'environment',
      `${path} has been locked for ten minutes: end what holds it`,
    )
  }
  try {
    return await work()
  } finally {
    lock.release()
  }
}
