import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Who wants to be let in where. */
interface Entrance {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

/**
 * The password for a server that asks for one where neither the URL nor `PGPASSWORD` has it: from `~/.pgpass`,
 * as for PostgreSQL's own programs (https://www.postgresql.org/docs/current/libpq-pgpass.html). The driver's own
 * reading of that file comes with a warning at each start.
 */
export async function passwordFor(entrance: Entrance): Promise<string> {
  const path = join(homedir(), '.pgpass')
  const stats = await stat(path).catch(() => undefined)
  if (stats !== undefined && (stats.mode & 0o077) !== 0) {
    throw noPassword(`others may read ${path}, so it does not count: chmod 600 ${path}`)
  }
  const lines = (await readFile(path, 'utf8').catch(() => '')).split(/\r?\n/)
  const found = lines.map(fieldsOf).find((fields) => fits(fields, entrance))?.[4]
  if (found === undefined) {
    throw noPassword(`put one into ${path}, or into the URL in HERMES_KANBAN_DB`)
  }
  return found
}

/** `host:port:database:user:password`; a backslash stands before a colon or a backslash that is meant. */
function fieldsOf(line: string): string[] {
  if (line.startsWith('#')) return []
  const fields = line.match(/(?:\\.|[^:\\])+/g) ?? []
  return fields.map((field) => field.replace(/\\(.)/g, '$1'))
}

function fits(fields: readonly string[], { host, port, database, user }: Entrance): boolean {
  const hosts = host.startsWith('/') ? [host, 'localhost'] : [host]
  const wanted = [hosts, [String(port)], [database], [user]]
  return (
    fields.length === 5 &&
    wanted.every((names, n) => fields[n] === '*' || names.includes(fields[n] ?? ''))
  )
}

function noPassword(next: string): Error {
  return Object.assign(new Error(`it asks for a password; ${next}`), { code: 'NO_PASSWORD' })
}
