import type { ClientBase, ClientConfig, Pool, QueryResult } from 'pg'
import { passwordFor } from './postgres-password.ts'
import { breakOff, breakWhenSilent } from './postgres-silence.ts'
import type { Statements } from './session.ts'
import { compile, type Sql, sql } from './sql.ts'

/** Statements that a connection keeps prepared; texts made at run time must not pile up on the server. */
const STATEMENTS = 500
export const CONNECT_MS = 10_000
/** A program that is cut off in the middle of a write must not hold the board for longer than others wait. */
const IDLE_IN_TRANSACTION_MS = 20_000

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
  { patience, silence }: { readonly patience: number; readonly silence: number },
  { types, defaults }: Pick<typeof import('pg'), 'types' | 'defaults'>,
): ClientConfig {
  // What the configuration of a connection says of a password, a URL without one takes away again.
  Object.assign(defaults, { password: passwordFor })
  return {
    connectionString: asPostgresMeans(url),
    application_name: 'hermes-kanban',
    connectionTimeoutMillis: Math.min(CONNECT_MS, silence),
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

/** By itself the driver reads these modes as `verify-full`, with a warning at each start. */
function asPostgresMeans(url: string): string {
  const isOdd = /[?&]sslmode=(prefer|require|verify-ca)\b/.test(url) && !/uselibpqcompat/.test(url)
  return isOdd ? `${url}&uselibpqcompat=true` : url
}

/** One writes, the others read. */
const CONNECTIONS = 5

/** How long a connection may take to say farewell, in milliseconds. */
const FAREWELL_MS = 2_000

/** Each connection begins with `setUp`. Opens none before it is asked for one. */
export async function openPool(
  config: ClientConfig,
  setUp: string,
): Promise<Pick<Pool, 'connect' | 'query' | 'end'>> {
  const { Pool } = await import('pg')
  const clients = new Set<ClientBase>()
  const pool = new Pool({
    ...config,
    max: CONNECTIONS,
    allowExitOnIdle: true,
    async onConnect(client) {
      // What breaks a connection is told by the query that fails; a mere notice must not end us.
      client.on('error', () => {})
      clients.add(client)
      client.once('end', () => clients.delete(client))
      const silence = breakWhenSilent(client, CONNECT_MS)
      await client.query(setUp).finally(silence.over)
    },
  }).on('error', () => {})
  return {
    connect: pool.connect.bind(pool),
    query: pool.query.bind(pool),
    async end() {
      const timer = setTimeout(() => {
        for (const client of clients) breakOff(client)
      }, FAREWELL_MS)
      await pool.end().finally(() => clearTimeout(timer))
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

/** `onAnswer` is told of each answer, and whether its statement changed anything. */
export function statementsOn(
  client: ClientBase,
  nameOf: (text: string) => string | undefined,
  onAnswer: (changed: boolean) => void = () => {},
) {
  // biome-ignore lint/suspicious/noExplicitAny: rows have the shape that the caller's query gives them
  async function query(part: Sql): Promise<QueryResult<any>> {
    const { text, values } = compile(part, 'postgres')
    const result = await client.query({ name: nameOf(text), text, values: [...values] })
    // What makes or alters a table has no count of rows.
    onAnswer(result.command !== 'SELECT' && result.rowCount !== 0)
    return result
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
