import type { Dialect, Sql } from './sql.ts'
import type { Tx } from './store.ts'

/** How one connection runs queries. */
export interface Statements {
  all<Row>(query: Sql): Row[] | Promise<Row[]>
  get<Row>(query: Sql): Row | undefined | Promise<Row | undefined>
  run(query: Sql): number | Promise<number>
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

  async function attempt<Result>(statement: () => Result | Promise<Result>): Promise<Result> {
    if (over)
      throw new Error('This transaction is over: use it only inside the body it was given to')
    if (failed !== undefined) throw failed.error
    try {
      const result = statement()
      return result instanceof Promise ? await result : result
    } catch (error) {
      failed ??= { error }
      throw error
    }
  }

  const tx: Tx = {
    dialect,
    now,
    all: <Row>(query: Sql) => attempt(() => statements.all<Row>(query)),
    get: <Row>(query: Sql) => attempt(() => statements.get<Row>(query)),
    run: (query) => attempt(() => statements.run(query)),
  }
  try {
    const result = await body(tx)
    if (failed !== undefined) throw failed.error
    return result
  } finally {
    over = true
  }
}
