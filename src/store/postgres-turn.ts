import { sha256 } from '../lib/digest.ts'
import { literal, sql } from './sql.ts'
import type { Tx } from './store.ts'

/** Waits for the turn of a writer to the schema, which lasts until the transaction ends. */
export function turnOf(schema: string): string {
  return `select pg_advisory_xact_lock(${hash(schema)})`
}

/**
 * For a unit of work on the server as a whole that changes what is in a schema: waits for the turn of a writer,
 * and has names mean what is in there.
 */
export async function takeTurn(tx: Tx, schema: string): Promise<void> {
  await tx.get(sql`select pg_advisory_xact_lock(${literal(String(hash(schema)))}::bigint)`)
  await tx.get(sql`select set_config('search_path', quote_ident(${schema}), true)`)
}

/** On which commits to the schema are told. */
export function channelOf(schema: string): string {
  return `kanban_${BigInt.asUintN(64, hash(schema)).toString(16)}`
}

/** The number that stands for the schema among the database's advisory locks. */
function hash(schema: string): bigint {
  return sha256(`hermes-kanban ${schema}`).readBigInt64BE()
}
