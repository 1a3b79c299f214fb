import { monotonic, systemClock } from '../lib/clock.ts'
import { withoutPassword } from './postgres-error.ts'
import { onServer } from './postgres-server.ts'
import { sql } from './sql.ts'

/** What somebody who sees to a server wants to know of it. */
export interface ServerFacts {
  /** Fit to be shown to a person. */
  readonly place: string
  readonly version: string
  readonly major: number
  readonly encoding: string
  /** For one question, in milliseconds. */
  readonly answersIn: number
  /** How far its clock is before ours, in seconds. */
  readonly ahead: number
  /** Whether we may make schemas in the database. */
  readonly mayCreate: boolean
  readonly connections: { readonly used: number; readonly most: number }
  /** Whether the way there could be listened in on. */
  readonly open: boolean
}

/** Throws `store_unreachable` and `config`. */
export async function serverFacts(url: string): Promise<ServerFacts> {
  return onServer(url, async (tx) => {
    const began = monotonic()
    const row = await tx.get<Row>(question)
    const answersIn = monotonic() - began
    if (row === undefined) throw new Error('a server has told nothing about itself')
    const { version, number, encoding, now, may_create, used, most, open } = row
    return {
      place: withoutPassword(url),
      version,
      major: Math.floor(number / 10_000),
      encoding,
      answersIn,
      ahead: now - systemClock(),
      mayCreate: may_create === 1,
      connections: { used, most },
      open: open === 1,
    }
  })
}

interface Row {
  readonly version: string
  readonly number: number
  readonly encoding: string
  readonly now: number
  readonly may_create: number
  readonly used: number
  readonly most: number
  readonly open: number
}

// A socket of the machine and its loopback need no TLS.
const question = sql`
  select current_setting('server_version') as version,
    current_setting('server_version_num')::bigint as number,
    current_setting('server_encoding') as encoding,
    floor(extract(epoch from clock_timestamp()))::bigint as now,
    has_database_privilege(current_database(), 'create') as may_create,
    (select count(*) from pg_stat_activity where backend_type = 'client backend') as used,
    current_setting('max_connections')::bigint as most,
    coalesce(
      not (select ssl from pg_stat_ssl where pid = pg_backend_pid())
        and inet_client_addr() <> inet_server_addr()
        and not inet_client_addr() <<= '127.0.0.0/8',
      false) as open`
