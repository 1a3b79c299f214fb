/** A board in one schema of a PostgreSQL database: how a board grows past one machine. */

import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { Clock } from '../lib/clock.ts'
import { BoardError } from '../model/error.ts'
import { createBell } from './bell.ts'
import { isDisconnected, isMissing, postgresError, withoutPassword } from './postgres-error.ts'
import { clientConfig, createNames, lastResult, statementsOn } from './postgres-pool.ts'
import { listen } from './postgres-watch.ts'
import { createQueue } from './queue.ts'
import { inSession } from './session.ts'
import type { Store, Tx } from './store.ts'

export interface PostgresOptions {
  readonly schema: string
  /** Makes the schema if it is missing. */
  readonly create: boolean
  /** Instead of the server's, which all machines share. */
  readonly clock?: Clock
  /** How long to wait for a turn, in milliseconds. */
  readonly patience?: number
}

/** One writes, the others read. */
const CONNECTIONS = 5

const NOW = 'select extract(epoch from clock_timestamp())::bigint as now'

/** Throws `board_gone`, `store_unreachable`, `config`, and `invalid` for a name that is no schema's. */
export async function openPostgres(
  url: string,
  { schema, create, clock, patience = 30_000 }: PostgresOptions,
): Promise<Store> {
  // Not at the top: it takes 31 ms, and most boards are files.
  const { Client, Pool, escapeIdentifier, types } = await import('pg')
  assertFits(schema)
  const place = withoutPassword(url)
  const identifier = escapeIdentifier(schema)
  const key = hash(schema)
  const channel = `kanban_${BigInt.asUintN(64, key).toString(16)}`

  // Whoever has the lock is the only writer, as in a file. Read committed: a snapshot taken while
  // waiting for it would not have what the writer before us did.
  const lock = `begin isolation level read committed; select pg_advisory_xact_lock(${key})`
  const beginRead = `begin isolation level repeatable read read only; ${NOW}`
  // Rings only when something was written: a listener that writes must not wake itself for ever.
  const commitWrite = `
    select pg_notify('${channel}', '') where pg_current_xact_id_if_assigned() is not null; commit`

  const config = clientConfig(url, patience, types)
  const pool = new Pool({
    ...config,
    max: CONNECTIONS,
    allowExitOnIdle: true,
    onConnect(client) {
      // What breaks a connection is told by the query that fails; a mere notice must not end us.
      client.on('error', () => {})
      return client.query(`set search_path to ${identifier}`)
    },
  }).on('error', () => {})
  const writes = createQueue()
  const nameOf = createNames()
  const bell = createBell((ring) => listen(() => new Client(config), channel, ring))
  let closing: Promise<void> | undefined
  let closed = false

  /** A connection that was lost while it lay in the pool is replaced, once. */
  async function begin(text: string, attempt = 1): Promise<{ client: PoolClient; now: number }> {
    const client = await pool.connect()
    try {
      const { rows } = await lastResult(client, text)
      return { client, now: clock === undefined ? rows[0].now : clock() }
    } catch (error) {
      client.release(true)
      if (attempt === 1 && isDisconnected(error)) return begin(text, attempt + 1)
      throw error
    }
  }

  async function transaction<T>(
    opening: string,
    commit: string,
    body: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    if (closed) throw new Error(`${place} is closed`)
    try {
      const { client, now } = await begin(opening)
      try {
        const result = await inSession(statementsOn(client, nameOf), 'postgres', now, body)
        const { command } = await lastResult(client, commit).catch(uncertain)
        if (command !== 'COMMIT')
          throw new Error('a statement failed after its transaction was over')
        client.release()
        return result
      } catch (error) {
        // What cannot even be rolled back is in no state to be used again.
        await client.query('rollback').then(() => client.release(), client.release)
        throw error
      }
    } catch (error) {
      throw await explained(error)
    }
  }

  /** Nobody can tell whether the server had the commit before the connection broke. */
  function uncertain(error: unknown): never {
    if (!isDisconnected(error)) throw error
    throw new BoardError(
      'store_unreachable',
      `${place} was lost while it kept a change: look whether it is there before you try again`,
      { place },
    )
  }

  async function explained(error: unknown): Promise<unknown> {
    if (isMissing(error) && !(await exists())) return gone('was removed while it was open')
    return postgresError(error, place)
  }

  async function exists(): Promise<boolean> {
    const { rowCount } = await pool.query('select 1 from pg_namespace where nspname = $1', [schema])
    return rowCount === 1
  }

  function gone(what: string): BoardError {
    return new BoardError('board_gone', `the schema ${schema} of ${place} ${what}`, {
      place,
      schema,
    })
  }

  async function makeSchema(): Promise<void> {
    await pool.query(`${lock}; create schema if not exists ${identifier}; commit`)
  }

  async function close(): Promise<void> {
    closed = true
    bell.stop()
    await pool.end()
  }

  try {
    if (!(await exists())) {
      if (!create) throw gone('does not exist: choose another board, or create it')
      await makeSchema()
    }
  } catch (error) {
    await pool.end()
    throw postgresError(error, place)
  }

  return {
    dialect: 'postgres',
    place,
    read: (body) => transaction(beginRead, 'commit', body),
    write: (body) => writes.add(() => transaction(`${lock}; ${NOW}`, commitWrite, body)),
    watch: bell.watch,
    // In line behind the writes that were asked for before; reads that have begun are waited for.
    close: () => (closing ??= writes.add(close)),
  }
}

/** PostgreSQL cuts longer names, and two boards would share a schema. */
function assertFits(schema: string): void {
  if (schema !== '' && Buffer.byteLength(schema) <= 63) return
  throw new BoardError('invalid', `${schema} is too long to name a schema: 63 bytes at most`, {
    schema,
  })
}

/** The number that stands for the schema among the database's advisory locks. */
function hash(schema: string): bigint {
  return createHash('sha256').update(`hermes-kanban ${schema}`).digest().readBigInt64BE()
}
