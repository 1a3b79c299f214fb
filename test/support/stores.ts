/** Stores to try things on: a new file, a new schema, each gone when its test has ended. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { describe, inject, onTestFinished } from 'vitest'
import type { Clock } from '../../src/lib/clock.ts'
import type { Dialect } from '../../src/store/sql.ts'
import type { Store } from '../../src/store/store.ts'
import { openPlace, type Place } from './places.ts'

export interface OpenOptions {
  /** Without one: the system's time, in PostgreSQL the server's. */
  readonly clock?: Clock
  /** Opens a second store on the same database as this one. */
  readonly beside?: Store
  /** How long to wait for a turn, in milliseconds. */
  readonly patience?: number
}

export type OpenStore = (options?: OpenOptions) => Promise<Store>

/** Each opens a store on an empty database of its own. Call it inside a test, with which it ends. */
export const newStore: Readonly<Record<Dialect, OpenStore>> = {
  sqlite: openWith(newFile),
  postgres: openWith(newSchema),
}

/**
 * The same tests for both databases; `open` is one of `newStore`. Without a PostgreSQL on the
 * machine its half is skipped (the set-up says so once, and fails where CI is set).
 */
export function forEachStore(body: (open: OpenStore, dialect: Dialect) => void): void {
  describe('on SQLite', () => body(newStore.sqlite, 'sqlite'))
  describe.skipIf(inject('pgUrl') === undefined)('on PostgreSQL', () =>
    body(newStore.postgres, 'postgres'),
  )
}

const places = new WeakMap<Store, Place>()

/** Where a store of these tests is, for a program that opens it too. */
export function placeOf(store: Store): Place {
  const place = places.get(store)
  if (place === undefined) throw new Error(`${store.place} was not opened by forEachStore`)
  return place
}

function openWith(newPlace: () => Place): OpenStore {
  return async ({ beside, ...options } = {}) => {
    const place = beside === undefined ? newPlace() : placeOf(beside)
    const store = await openPlace(place, options)
    places.set(store, place)
    onTestFinished(() => store.close())
    return store
  }
}

function newFile(): Place {
  return { dialect: 'sqlite', file: join(newFolder(), 'kanban.db') }
}

/** An empty folder, removed after the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kanban-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

let databases = 0

/** The URL of an empty database on the tests' server, dropped after the test. */
export async function newDatabase(): Promise<string> {
  const url = String(inject('pgUrl'))
  databases += 1
  const name = `test_${process.pid}_${databases}`
  await onServer(url, `create database ${name} template template0 strategy file_copy`)
  onTestFinished(() => onServer(url, `drop database ${name} with (force)`))
  return url.replace('/postgres?', `/${name}?`)
}

async function onServer(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

let schemas = 0

function newSchema(): Place {
  const url = String(inject('pgUrl'))
  schemas += 1
  // With a hyphen, as the slugs of boards have.
  const schema = `kanban_test-${process.pid}-${schemas}`
  const drop = `drop schema if exists ${pg.escapeIdentifier(schema)} cascade`
  onTestFinished(() => onServer(url, drop))
  return { dialect: 'postgres', url, schema }
}
