import { backup, DatabaseSync } from 'node:sqlite'
import { sqliteError } from './sqlite-error.ts'

/** Pages in a step: all of them, so that a writer meanwhile does not make it begin again. */
const all = 2 ** 31 - 1

/**
 * Makes `target` a copy of a database as of one moment, whoever is writing it; nothing in `file`
 * changes. By the driver alone: reading the file by other means would let go of its locks.
 */
export async function copySqlite(file: string, target: string): Promise<void> {
  try {
    const source = new DatabaseSync(file, { readOnly: true, timeout: 5_000 })
    try {
      await backup(source, target, { rate: all })
    } finally {
      source.close()
    }
  } catch (error) {
    throw sqliteError(error, file)
  }
}
