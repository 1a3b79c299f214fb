/** A board in one SQLite file, shared with any number of other processes. */

import { type Clock, monotonic } from '../lib/clock.ts'
import { BoardError } from '../model/error.ts'
import { createBell } from './bell.ts'
import { untilFree } from './busy.ts'
import { createQueue } from './queue.ts'
import { inSession } from './session.ts'
import { type Connection, connect } from './sqlite-connection.ts'
import { isBusy, sqliteError } from './sqlite-error.ts'
import { existingFile, trackPresence } from './sqlite-file.ts'
import { type CommitWatch, watchCommits } from './sqlite-watch.ts'
import type { Reader, Store, Tx } from './store.ts'

export interface SqliteOptions {
  readonly clock: Clock
  /** Makes the file if it is missing; its folder must be there. */
  readonly create: boolean
  /** How long to wait for a turn, in milliseconds. */
  readonly patience?: number
}

/**
 * Opens the file with a connection that writes and one that reads snapshots beside it. The driver is
 * synchronous, so more readers would only take turns: reads wait for each other, as writes do.
 * Throws `board_gone`, `board_corrupt`, `board_busy` and `environment`.
 */
export async function openSqlite(
  file: string,
  { clock, create, patience = 30_000 }: SqliteOptions,
): Promise<Store> {
  const path = existingFile(file, create)
  const presence = trackPresence(path)
  const { writer, reader } = await openInTime()

  const writes = createQueue()
  const reads = createQueue()
  let closing: Promise<void> | undefined
  let closed = false
  let commits: CommitWatch | undefined
  const bell = createBell((ring) => {
    const watch = watchCommits(path, () => {
      presence.doubt()
      ring()
    })
    commits = watch
    return () => {
      commits = undefined
      watch.stop()
    }
  })

  function turn(): number {
    return monotonic() + patience
  }

  function inTime<T>(deadline: number, attempt: () => T): T | Promise<T> {
    return untilFree(attempt, { deadline, isBusy })
  }

  async function openInTime() {
    try {
      return await inTime(turn(), () => openBoth(path))
    } catch (error) {
      return explain(error)
    }
  }

  function explain(error: unknown): never {
    throw sqliteError(error, file)
  }

  function assertOpen(): void {
    if (closed) throw new Error(`${file} is closed`)
    presence.assert()
  }

  async function writeTransaction<T>(body: (tx: Tx) => Promise<T>, deadline: number): Promise<T> {
    try {
      const begun = inTime(deadline, () => {
        assertOpen()
        writer.pragma('begin immediate')
      })
      if (begun !== undefined) await begun
      const result = await inSession(writer, 'sqlite', clock(), body)
      const kept = inTime(deadline, () => void writer.pragma('commit'))
      if (kept !== undefined) await kept
      commits?.lookSoon()
      return result
    } catch (error) {
      if (!closed) writer.rollback()
      return explain(error)
    }
  }

  async function readTransaction<T>(body: (reader: Reader) => Promise<T>): Promise<T> {
    try {
      await inTime(turn(), () => {
        assertOpen()
        reader.rollback()
        reader.pragma('begin')
        // The snapshot is taken by the first look at the file, and only that can find it busy.
        reader.pragma('pragma data_version')
      })
      return await inSession(reader, 'sqlite', clock(), body)
    } catch (error) {
      return explain(error)
    } finally {
      if (!closed) reader.rollback()
    }
  }

  async function closeBoth(): Promise<void> {
    closed = true
    bell.stop()
    reader.close()
    writer.close()
  }

  return {
    dialect: 'sqlite',
    place: file,
    read: (body) => reads.add(() => readTransaction(body)),
    write(body) {
      const deadline = turn()
      return writes.add(() => writeTransaction(body, deadline))
    },
    watch: bell.watch,
    // In line behind all that was asked for before; what is asked for later finds it closed.
    close: () => (closing ??= writes.add(() => reads.add(closeBoth))),
  }
}

/**
 * A checkpoint is two more disk syncs and writes each page once, however often it changed: four times
 * SQLite's own number makes a verb 3 % faster, for a log of up to 16 MB beside the file.
 */
const CHECKPOINT_PAGES = 4000

function openBoth(path: string): { writer: Connection; reader: Connection } {
  const writer = connect(path)
  try {
    // Looks at the file before anything is written: a damaged one stays as it is.
    writer.pragma('select count(*) from sqlite_schema')
    writer.pragma('pragma synchronous = full')
    writer.pragma(`pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    if (writer.pragma('pragma journal_mode = wal') !== 'wal') throw withoutWal(path)
    const reader = connect(path)
    reader.pragma('pragma query_only = on')
    return { writer, reader }
  } catch (error) {
    writer.close()
    throw error
  }
}

function withoutWal(file: string): BoardError {
  return new BoardError(
    'environment',
    `${file} is on a disk that several programs cannot share safely: move it to a local disk`,
    { file },
  )
}
