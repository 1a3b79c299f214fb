import { nothing, sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'

interface Named {
  readonly id: string
  readonly title: string
}

/** Tasks whose id begins with `beginning`, in the order of their ids, at most `limit`. */
export function idsFrom(
  reader: Reader,
  beginning: string,
  { limit, archived }: { readonly limit: number; readonly archived: boolean },
): Promise<Named[]> {
  return reader.all<Named>(sql`
    select id, title from tasks
    where id >= ${beginning} and id < ${`${beginning}\uffff`}
      ${archived ? nothing : sql`and status <> 'archived'`}
    order by id limit ${limit}`)
}
