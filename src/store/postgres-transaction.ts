import type { Pool, PoolClient } from 'pg'
import { isDisconnected } from './postgres-error.ts'
import { lastResult } from './postgres-pool.ts'
import { breakWhenSilent, type Silence } from './postgres-silence.ts'

export interface Opening {
  /** Begins the transaction, and may ask something at once: statements of one round trip. */
  readonly text: string
  /** How long an answer may take, in milliseconds. */
  readonly silence: number
}

/** A connection in a transaction, with what the server answered at its beginning. */
export interface Begun {
  readonly client: PoolClient
  readonly silence: Silence
  // biome-ignore lint/suspicious/noExplicitAny: a row has the shape that its query gives it
  readonly answer: any
}

type Connections = Pick<Pool, 'connect'>

/** From `opening` to the commit that `body` ends with. */
export async function transaction<T>(
  connections: Connections,
  opening: Opening,
  body: (begun: Begun) => Promise<T>,
): Promise<T> {
  const begun = await begin(connections, opening)
  const { client, silence } = begun
  try {
    const result = await body(begun)
    client.release()
    return result
  } catch (error) {
    // What cannot even be rolled back is in no state to be used again.
    await client.query('rollback').then(() => client.release(), client.release)
    throw error
  } finally {
    silence.over()
  }
}

/** `text` may do more before it, in the same round trip. */
export async function commit(client: PoolClient, text = 'commit'): Promise<void> {
  const { command } = await lastResult(client, text)
  if (command !== 'COMMIT') throw new Error('a statement failed after its transaction was over')
}

/** A connection that was lost while it lay in the pool is replaced, once. */
async function begin(connections: Connections, opening: Opening, attempt = 1): Promise<Begun> {
  const client = await connections.connect()
  const silence = breakWhenSilent(client, opening.silence)
  try {
    const { rows } = await lastResult(client, opening.text)
    silence.heard()
    return { client, silence, answer: rows[0] }
  } catch (error) {
    silence.over()
    client.release(true)
    if (attempt === 1 && isDisconnected(error)) return begin(connections, opening, attempt + 1)
    throw error
  }
}
