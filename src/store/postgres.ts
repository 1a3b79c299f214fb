/** A board in one schema of a PostgreSQL database: how a board grows past one machine. */

import { setTimeout as pause } from 'node:timers/promises'
import { type Clock, monotonic } from '../lib/clock.ts'
import { BoardError } from '../model/error.ts'
import { createBell } from './bell.ts'
import { commitsTable, createMarks, type Mark } from './postgres-commits.ts'
import { isDisconnected, isMissing, postgresError, withoutPassword } from './postgres-error.ts'
import { clientConfig, createNames, openPool, statementsOn } from './postgres-pool.ts'
import { type Begun, commit, type Opening, transaction } from './postgres-transaction.ts'
import { channelOf, turnOf } from './postgres-turn.ts'
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
  /** How long to ask what became of a commit whose answer was lost, in milliseconds. */
  readonly doubt?: number
  /** How long an answer may take, in milliseconds; to a writer, which may wait for its turn, `patience` longer. */
  readonly silence?: number
}

const NOW = 'select floor(extract(epoch from clock_timestamp()))::bigint as now'

/** Pauses between two questions to a server that does not answer, in milliseconds: each twice the one before. */
const pauses = { first: 50, last: 5_000 }

/** Throws `board_gone`, `store_unreachable`, `config`, and `invalid` for a name that is no schema's. */
export async function openPostgres(
  url: string,
  {
    schema,
    create,
    clock,
    patience = 30_000,
    doubt = 30_000,
    silence: longest = 20_000,
  }: PostgresOptions,
): Promise<Store> {
  // Not at the top: it takes 31 ms, and most boards are files.
  const driver = await import('pg')
  assertFits(schema)
  const place = withoutPassword(url)
  const identifier = driver.escapeIdentifier(schema)
  const channel = channelOf(schema)

  // Whoever has the lock is the only writer, as in a file. Read committed: a snapshot taken while
  // waiting for it would not have what the writer before us did.
  const lock = `begin isolation level read committed; ${turnOf(schema)}`
  const reading = {
    text: `begin isolation level repeatable read read only; ${NOW}`,
    silence: longest,
  }
  const inTurn = (text: string): Opening => ({
    text: `${lock}; ${text}`,
    silence: patience + longest,
  })
  const writing = inTurn(NOW)
  const ringAndCommit = `select pg_notify('${channel}', ''); commit`

  const config = clientConfig(url, { patience, silence: longest }, driver)
  const pool = await openPool(config, `set search_path to ${identifier}`)
  const writes = createQueue()
  const markAt = createMarks()
  const nameOf = createNames()
  const bell = createBell((ring) => listen(() => new driver.Client(config), channel, ring))
  let closing: Promise<void> | undefined
  let closed = false

  async function transact<T>(opening: Opening, body: (begun: Begun) => Promise<T>): Promise<T> {
    if (closed) throw new Error(`${place} is closed`)
    return transaction(pool, opening, body)
  }

  function within<T>(
    { client, silence, answer }: Begun,
    body: (tx: Tx) => Promise<T>,
    onChange: () => void = () => {},
  ): Promise<T> {
    const statements = statementsOn(client, nameOf, (changed) => {
      silence.heard()
      if (changed) onChange()
    })
    return inSession(statements, 'postgres', clock === undefined ? answer.now : clock(), body)
  }

  function read<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    return transact(reading, async (begun) => {
      const result = await within(begun, body)
      await commit(begun.client)
      return result
    })
  }

  async function write<T>(body: (tx: Tx) => Promise<T>): Promise<T> {
    const { result, lost } = await transact(writing, async (begun) => {
      let changed = false
      const result = await within(begun, body, () => {
        changed = true
      })
      // Marks and rings only when something was written: a listener that writes must not wake itself for ever.
      const mark = changed ? markAt(begun.answer.now) : undefined
      try {
        await commit(begun.client, mark && `${mark.leave}; ${ringAndCommit}`)
        return { result, lost: undefined }
      } catch (error) {
        if (mark === undefined || !isDisconnected(error)) throw error
        return { result, lost: { error, mark } }
      }
    })
    if (lost !== undefined && !(await wasKept(lost.mark))) throw lost.error
    return result
  }

  /**
   * Whether the server had the commit before the connection broke. Asked in a writer's turn, which the
   * other end of a broken connection has until the server notices. Throws when nobody can tell.
   */
  async function wasKept({ ask }: Mark): Promise<boolean> {
    const deadline = monotonic() + doubt
    const question = inTurn(ask)
    for (let wait = pauses.first; ; wait = Math.min(2 * wait, pauses.last)) {
      const kept = await answerTo(question)
      if (kept !== undefined) return kept
      if (monotonic() > deadline) throw uncertain()
      await pause(wait)
    }
  }

  /** Undefined where the server cannot be asked now. */
  async function answerTo(question: Opening): Promise<boolean | undefined> {
    try {
      return await transact(question, async ({ client, answer }) => {
        await commit(client)
        return answer.kept
      })
    } catch (error) {
      if (mayPass(postgresError(error, place))) return undefined
      throw error
    }
  }

  function uncertain(): BoardError {
    return new BoardError(
      'store_unreachable',
      `${place} was lost while it kept a change: look whether it is there before you try again`,
      { place, uncertain: true },
    )
  }

  async function explaining<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isMissing(error) && (await look()) === undefined)
        throw gone('was removed while it was open')
      throw postgresError(error, place)
    }
  }

  /** Undefined without a schema. */
  async function look(): Promise<{ readonly marked: boolean } | undefined> {
    const { rows } = await pool.query(
      'select to_regclass($1) is not null as marked from pg_namespace where nspname = $2',
      [`${identifier}.kanban_commits`, schema],
    )
    return rows[0]
  }

  function gone(what: string): BoardError {
    return new BoardError('board_gone', `the schema ${schema} of ${place} ${what}`, {
      place,
      schema,
    })
  }

  /** Whoever may use a schema that is there need not be allowed to make one. */
  async function prepare(isThere: boolean): Promise<void> {
    const make = isThere ? '' : `create schema if not exists ${identifier};`
    await pool.query(`${lock}; ${make} ${commitsTable}; commit`)
  }

  async function close(): Promise<void> {
    closed = true
    bell.stop()
    await pool.end()
  }

  try {
    const found = await look()
    if (found === undefined && !create) {
      throw gone('does not exist: choose another board, or create it')
    }
    if (found?.marked !== true) await prepare(found !== undefined)
  } catch (error) {
    await pool.end()
    throw postgresError(error, place)
  }

  return {
    dialect: 'postgres',
    place,
    read: (body) => explaining(() => read(body)),
    write: (body) => writes.add(() => explaining(() => write(body))),
    watch: bell.watch,
    // In line behind the writes that were asked for before; reads that have begun are waited for.
    close: () => (closing ??= writes.add(close)),
  }
}

/** A refusal that a later attempt may not meet. */
function mayPass(error: unknown): boolean {
  return (
    error instanceof BoardError &&
    (error.code === 'store_unreachable' || error.code === 'board_busy')
  )
}

/** PostgreSQL cuts longer names, and two boards would share a schema. */
function assertFits(schema: string): void {
  if (schema !== '' && Buffer.byteLength(schema) <= 63) return
  throw new BoardError('invalid', `${schema} is too long to name a schema: 63 bytes at most`, {
    schema,
  })
}
