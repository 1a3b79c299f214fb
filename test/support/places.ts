/** Where a store is, as data: a test hands it to the programs that it starts. */

import { type Clock, systemClock } from '../../src/lib/clock.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'

export type Place =
  | { readonly dialect: 'sqlite'; readonly file: string }
  | { readonly dialect: 'postgres'; readonly url: string; readonly schema: string }

export interface PlaceOptions {
  readonly clock?: Clock
  readonly patience?: number
}

/** Opens what is there, or makes it. */
export function openPlace(place: Place, options: PlaceOptions = {}): Promise<Store> {
  return place.dialect === 'sqlite'
    ? openSqlite(place.file, { clock: systemClock, ...options, create: true })
    : openPostgres(place.url, { ...options, schema: place.schema, create: true })
}
