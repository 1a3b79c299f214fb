/**
 * A lock that the kernel frees the instant its holder dies, whatever killed it: an exclusive
 * transaction held open on a small SQLite file. No heartbeat, no stale file to judge.
 */

import { DatabaseSync } from 'node:sqlite'
import { monotonic } from '../lib/clock.ts'
import { untilFree } from './busy.ts'
import { isBusy, sqliteError } from './sqlite-error.ts'

export interface Lock {
  release(): void
}

/**
 * Waits at most `patience` milliseconds, 0 for one try; undefined when somebody else has it, here or
 * elsewhere. Writes nothing, so that a full disk keeps nobody from it.
 */
export async function lockFile(path: string, patience: number): Promise<Lock | undefined> {
  let file: DatabaseSync | undefined
  try {
    const opened = new DatabaseSync(path, { timeout: 0 })
    file = opened
    // In memory: else the transaction begins with a journal beside the file.
    const take = (): void => opened.exec('pragma journal_mode = memory; begin exclusive')
    await untilFree(take, { deadline: monotonic() + patience, isBusy })
    return { release: () => opened.close() }
  } catch (error) {
    file?.close()
    if (isBusy(error)) return undefined
    throw sqliteError(error, path)
  }
}
