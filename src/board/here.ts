import { name, type Sql, sql } from '../store/sql.ts'

/**
 * True of a run of this installation. A host is `<hostname>+<id of the installation>`; the id alone
 * decides, for a machine may change its name while its workers run.
 */
export function isHere(run: string, host: string): Sql {
  return sql`${name(run)}.host like ${`%${host.slice(host.lastIndexOf('+'))}`}`
}
