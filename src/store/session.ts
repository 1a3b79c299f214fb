import type { Dialect, Sql } from './sql.ts'
import type { Tx } from './store.ts'

/** How one connection runs queries. */
export interface Statements {
  all<Row>(query: Sql): Row[] | Promise<Row[]>
  get<Row>(query: Sql): Row | undefined | Promise<Row | undefined>
  run(query: Sql): number | Promise<number>
  insert(query: Sql): number | undefined | Promise<number | undefined>
}

/**
 * Gives `body` its `Tx`, which is dead once the body has returned. A statement that fails ends the
 * transaction, as it does in PostgreSQL: what failed is thrown even if the body caught it.
 */
export async function inSession<T>(
  statements: Statements,
  dialect: Dialect,
  now: number,
  body: (tx: Tx) => Promise<T>,
): Promise<T> {
  let over = false
  let failed: { readonly error: unknown } | undefined
  let last: Promise<unknown> = Promise.resolve()

  function assertOpen(): void {
    if (over) {
      throw new Error('This transaction is over: use it only inside the body it was given to')
    }
    if (failed !== undefined) throw failed.error
  }

  function attempt<Result>(statement: () => Result | Promise<Result>): Promise<Result> {
    return dialect === 'sqlite' ? atOnce(statement) : inTurn(statement)
  }

  function atOnce<Result>(statement: () => Result | Promise<Result>): Promise<Result> {
    try {
      assertOpen()
      return Promise.resolve(statement())
    } catch (error) {
      failed ??= { error }
      return Promise.reject(error)
    }
  }

  /** One after another: a connection does one thing at a time, and what is not sent yet when the body ends never is. */
  function inTurn<Result>(statement: () => Result | Promise<Result>): Promise<Result> {
    const result = last.then(() => {
      assertOpen()
      return statement()
    })
    last = result.catch((error) => {
      failed ??= { error }
    })
    return result
  }

  const tx: Tx = {
    dialect,
    now,
    all: <Row>(query: Sql) => attempt(() => statements.all<Row>(query)),
    get: <Row>(query: Sql) => attempt(() => statements.get<Row>(query)),
    run: (query) => attempt(() => statements.run(query)),
    insert: (query) => attempt(() => statements.insert(query)),
  }
  let result: T
  try {
    result = await body(tx)
  } finally {
    over = true
    if (dialect === 'postgres') await last
  }
  // A statement that nobody waited for came too late: that fails the transaction as well.
  if (failed !== undefined) throw failed.error
  return result
}
