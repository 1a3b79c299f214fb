/** Stores that have a network of their own to break. */

import { inject, onTestFinished } from 'vitest'
import { openPostgres, type PostgresOptions } from '../../src/store/postgres.ts'
import { migrate } from '../../src/store/schema.ts'
import type { Store } from '../../src/store/store.ts'
import { notes } from '../support/notes.ts'
import { startProxy } from '../support/proxy.ts'
import { newStore, placeOf } from '../support/stores.ts'

export async function openNotes(): Promise<Store> {
  const store = await newStore.postgres()
  await migrate(store, notes)
  return store
}

/** A store on a network of its own, and `beside` it another on the same schema. */
export async function throughProxy(options: Partial<PostgresOptions> = {}) {
  const beside = await openNotes()
  const { schema } = placeOf(beside) as { schema: string }
  const proxy = await startProxy(String(inject('pgUrl')))
  onTestFinished(proxy.close)
  const store = await openPostgres(proxy.url, { schema, create: false, ...options })
  onTestFinished(() => store.close())
  return { store, proxy, beside }
}
