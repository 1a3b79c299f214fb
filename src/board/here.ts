import { name, type Sql, sql } from '../store/sql.ts'

/**
 * True of a run of this installation. A host is `<hostname>+<id of the installation>`; the id alone
 * decides, for a machine may change its name while its workers run.
 */
export function isHere(run: string, host: string): Sql {
  const installation = host.lastIndexOf('+')
  const pattern = installation < 0 ? host : `%${host.slice(installation)}`
  // A pattern that is a mere parameter makes SQLite prepare the statement anew at each call (55 µs).
  return sql`${name(run)}.host like '' || ${pattern}`
}
