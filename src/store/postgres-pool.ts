import type { ClientBase, ClientConfig, QueryResult } from 'pg'
import type { Statements } from './session.ts'
import { compile, type Sql, sql } from './sql.ts'

/** Statements that a connection keeps prepared; texts made at run time must not pile up on the server. */
const STATEMENTS = 500
const CONNECT_MS = 10_000
/** A program that is stopped in the middle of a write must not hold the board for ever. */
const IDLE_IN_TRANSACTION_MS = 60_000

/** Rows hold what they hold in SQLite: text, numbers and null. Keys are types' numbers in `pg_type`. */
const parsers: Readonly<Record<number, (text: string) => string | number>> = {
  16: (bool) => (bool === 't' ? 1 : 0),
  20: Number, // bigint
  1700: Number, // numeric: a sum of bigints
  114: String, // json
  3802: String, // jsonb
}

export function clientConfig(
  url: string,
  patience: number,
  types: typeof import('pg').types,
): ClientConfig {
  return {
    connectionString: url,
    application_name: 'hermes-kanban',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: CONNECT_MS,
    lock_timeout: patience,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    types: {
      getTypeParser: ((oid: number, format?: 'text') =>
        parsers[oid] ?? types.getTypeParser(oid, format)) as typeof types.getTypeParser,
    },
  }
}

/** Gives a text the name under which each connection prepares it once; none when there are too many. */
export function createNames(): (text: string) => string | undefined {
  const names = new Map<string, string>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined || names.size >= STATEMENTS) return known
    const name = `s${names.size}`
    names.set(text, name)
    return name
  }
}

export function statementsOn(client: ClientBase, nameOf: (text: string) => string | undefined) {
  // biome-ignore lint/suspicious/noExplicitAny: rows have the shape that the caller's query gives them
  function query(part: Sql): Promise<QueryResult<any>> {
    const { text, values } = compile(part, 'postgres')
    return client.query({ name: nameOf(text), text, values: [...values] })
  }

  return {
    all: async (part) => (await query(part)).rows,
    get: async (part) => (await query(part)).rows[0],
    run: async (part) => (await query(part)).rowCount ?? 0,
    insert: async (part) => (await query(sql`${part} returning id`)).rows[0]?.id,
  } satisfies Statements
}

/** Several statements in one round trip; what the last of them answered. */
export async function lastResult(client: ClientBase, text: string): Promise<QueryResult> {
  const results = (await client.query(text)) as QueryResult | QueryResult[]
  return Array.isArray(results) ? (results.at(-1) as QueryResult) : results
}
