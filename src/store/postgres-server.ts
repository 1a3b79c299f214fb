import { postgresError, withoutPassword } from './postgres-error.ts'
import { CONNECT_MS, clientConfig, lastResult, statementsOn } from './postgres-pool.ts'
import { breakWhenSilent } from './postgres-silence.ts'
import { inSession } from './session.ts'
import type { Tx } from './store.ts'

/** How long to wait for somebody's lock, in milliseconds. */
const patience = 10_000

/**
 * One unit of work on a server as a whole, over a connection of its own: what schemas there are, and
 * making one. Throws `store_unreachable` and `config`.
 */
export async function onServer<T>(url: string, body: (tx: Tx) => Promise<T>): Promise<T> {
  const driver = await import('pg')
  try {
    const client = new driver.Client(clientConfig(url, { patience, silence: CONNECT_MS }, driver))
    client.on('error', () => {})
    await client.connect()
    const silence = breakWhenSilent(client, patience + CONNECT_MS)
    try {
      const begin = 'begin; select floor(extract(epoch from clock_timestamp()))::bigint as now'
      const { rows } = await lastResult(client, begin)
      const statements = statementsOn(client, () => undefined, silence.heard)
      const result = await inSession(statements, 'postgres', rows[0].now, body)
      await client.query('commit')
      return result
    } finally {
      await client.end().catch(() => {})
      silence.over()
    }
  } catch (error) {
    throw postgresError(error, withoutPassword(url))
  }
}
