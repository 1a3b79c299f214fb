import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { Statements } from './session.ts'
import { compile, type Sql, type Value } from './sql.ts'

/** A connection to a file that exists. Everything it does is done when the call returns. */
export interface Connection extends Statements {
  all<Row>(query: Sql): Row[]
  get<Row>(query: Sql): Row | undefined
  run(query: Sql): number
  insert(query: Sql): number | undefined
  /** For `begin`, `commit` and pragmas: the first column of the first row, if there is one. */
  pragma(text: string): unknown
  /** Ends a transaction, if one is open, without its changes. */
  rollback(): void
  close(): void
}

/** Statements prepared anew at each call halve the speed; texts made at run time must not pile up. */
const STATEMENTS = 500

/** Creates nothing: a file that is not there is an error. */
export function connect(file: string): Connection {
  const existing = new URL(`${pathToFileURL(file).href}?mode=rw`)
  // Foreign keys stay off: tables shared with the other edition take no constraint of ours.
  const database = new DatabaseSync(existing, { timeout: 0, enableForeignKeyConstraints: false })
  const prepared = new Map<string, Prepared>()

  function prepare(text: string): Prepared {
    const known = prepared.get(text)
    if (known !== undefined) return known
    if (prepared.size >= STATEMENTS) {
      const [oldest] = prepared.keys()
      prepared.delete(oldest as string)
    }
    const fresh = new Prepared(database.prepare(text), text)
    prepared.set(text, fresh)
    return fresh
  }

  return {
    all<Row>(query: Sql) {
      const { text, values } = compile(query, 'sqlite')
      return prepare(text).all(values) as Row[]
    },
    get<Row>(query: Sql) {
      const { text, values } = compile(query, 'sqlite')
      return prepare(text).get(values) as Row | undefined
    },
    run(query) {
      const { text, values } = compile(query, 'sqlite')
      return prepare(text).run(values)
    },
    insert(query) {
      const { text, values } = compile(query, 'sqlite')
      return prepare(text).insert(values)
    },
    pragma(text) {
      const row = prepare(text).get([])
      return row === undefined ? undefined : Object.values(row)[0]
    },
    rollback() {
      if (database.isTransaction) prepare('rollback').run([])
    },
    close: () => database.close(),
  }
}

type Row = Record<string, unknown>
type Cells = readonly unknown[]

/**
 * Rows come as arrays and are made objects here: those of the driver have no prototype, and whoever
 * builds or copies such an object pays four times as much (10,000 whole tasks: 123 ms, now 30).
 *
 * The driver refuses rows with an integer beyond 2^53. One such cell (anything may have written it)
 * must not break a list: the statement then reads bigints, and what is too large is rounded. Bytes,
 * which we write nowhere, are read as the text that they were meant to be.
 */
class Prepared {
  readonly #statement: StatementSync
  readonly #columns: readonly string[]
  /** A row of nulls: copied and filled in, it is made three times as fast as one that grows cell by cell. */
  readonly #blank: Row
  #exact = false

  constructor(statement: StatementSync, text: string) {
    this.#statement = statement
    this.#columns = statement.columns().map((column) => column.name)
    this.#blank = Object.fromEntries(this.#columns.map((column) => [column, null]))
    statement.setReturnArrays(true)
    // A statement that writes and returns rows cannot be run a second time: exact from the start.
    if (/\breturning\b/i.test(text)) this.#readExactly()
  }

  all(values: readonly Value[]): Row[] {
    const bound = values.map(bindable)
    const rows = this.#attempt(() => this.#statement.all(...bound)) as unknown as Cells[]
    return rows.map((cells) => this.#row(cells))
  }

  get(values: readonly Value[]): Row | undefined {
    const bound = values.map(bindable)
    const cells = this.#attempt(() => this.#statement.get(...bound)) as Cells | undefined
    return cells === undefined ? undefined : this.#row(cells)
  }

  run(values: readonly Value[]): number {
    return Number(this.#statement.run(...values.map(bindable)).changes)
  }

  insert(values: readonly Value[]): number | undefined {
    const { changes, lastInsertRowid } = this.#statement.run(...values.map(bindable))
    return changes === 0 || changes === 0n ? undefined : Number(lastInsertRowid)
  }

  #row(cells: Cells): Row {
    const row = { ...this.#blank }
    const columns = this.#columns
    // Not with `entries()`, which makes an array for each cell.
    for (let at = 0; at < columns.length; at += 1) {
      const cell = cells[at]
      if (cell === null) continue
      row[columns[at] as string] = typeof cell === 'string' ? cell : ordinary(cell)
    }
    return row
  }

  #attempt<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (this.#exact || !isOutOfRange(error)) throw error
      this.#readExactly()
      return read()
    }
  }

  #readExactly(): void {
    this.#exact = true
    this.#statement.setReadBigInts(true)
  }
}

function ordinary(cell: unknown): unknown {
  if (typeof cell === 'bigint') return Number(cell)
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : cell
}

/** The driver binds every number as a real: `? / 2` would have a fraction, and JSON would say 7.0. */
function bindable(value: Value): SQLInputValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
}

function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE'
}
