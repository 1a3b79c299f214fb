/** How rows are kept. Nothing in this folder knows what a task is. */

import type { Dialect, Sql } from './sql.ts'

/** One consistent state of the database, as of one moment. Dead once its body has returned. */
export interface Reader {
  /** Unix seconds: one moment for the whole transaction (in PostgreSQL the server's clock). */
  readonly now: number
  readonly dialect: Dialect
  all<Row>(query: Sql): Promise<Row[]>
  get<Row>(query: Sql): Promise<Row | undefined>
}

/**
 * What may be written, only inside `Store.write`. A statement that fails ends the transaction, caught
 * or not: nothing of it is kept.
 */
export interface Tx extends Reader {
  /** How many rows changed. */
  run(query: Sql): Promise<number>
  /**
   * Inserts one row, or none, into a table that numbers its rows; the number of the new one.
   * In SQLite `returning` would double the price of the insert.
   */
  insert(query: Sql): Promise<number | undefined>
}

export interface Store {
  readonly dialect: Dialect
  /** Where the rows are, fit to be shown to a person: a path, or a URL without its password. */
  readonly place: string
  /** All reads of `body` see one state of the database. It awaits nothing but `reader`. */
  read<T>(body: (reader: Reader) => Promise<T>): Promise<T>
  /**
   * Runs `body` in one write transaction, alone among all writers; what it throws rolls back.
   * It awaits nothing but `tx`. Throws `board_busy` when no turn came within 30 s.
   */
  write<T>(body: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * Calls `listener` soon after anybody's commit (this process or another) is visible to `read`; may
   * call once for several commits and, rarely, for none. Returns what stops it.
   */
  watch(listener: () => void): () => void
  close(): Promise<void>
}
