import { execFileSync } from 'node:child_process'
import pg from 'pg'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { openPostgres } from '../../src/store/postgres.ts'
import { migrate } from '../../src/store/schema.ts'
import { sql } from '../../src/store/sql.ts'
import { add, heard, notes, texts } from '../support/notes.ts'
import { durable, startCluster } from '../support/postgres.ts'
import { placeOf } from '../support/stores.ts'
import { openNotes, throughProxy } from './networks.ts'

const url = String(inject('pgUrl'))

/** Asks the server as its superuser. */
async function ask(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(text).finally(() => client.end())
}

/** Ends all connections of stores, as a restart of the server does. */
const cutConnections = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where application_name = 'hermes-kanban'`

// In one file, so that connections cut here are those of no other test.
describe.skipIf(inject('pgUrl') === undefined)('on PostgreSQL', () => {
  test('a connection that is lost while nothing happens is replaced', async () => {
    const store = await openNotes()
    await store.write((tx) => add(tx, 'before'))
    await ask(cutConnections)
    await store.write((tx) => add(tx, 'after'))
    expect(await store.read(texts)).toEqual(['before', 'after'])
  })

  test('a connection whose loss was not yet noticed is replaced too', async () => {
    const store = await openNotes()
    const program = `
      import { Client } from 'pg'
      const client = new Client({ connectionString: process.argv[1] })
      await client.connect()
      await client.query(process.argv[2])
      await client.end()`
    // While we wait for it our event loop stands still, and with it the news of the loss.
    execFileSync(process.execPath, ['--input-type=module', '-e', program, url, cutConnections])
    await store.write((tx) => add(tx, 'after'))
    expect(await store.read(texts)).toEqual(['after'])
  })

  test('a connection that is lost in a transaction undoes it, and the next one works', async () => {
    const store = await openNotes()
    const lost = store.write(async (tx) => {
      await add(tx, 'undone')
      await ask(cutConnections)
      await add(tx, 'never')
    })
    await expect(lost).rejects.toMatchObject({ code: 'store_unreachable' })
    await store.write((tx) => add(tx, 'kept'))
    expect(await store.read(texts)).toEqual(['kept'])
  })

  test('a commit that never reached the server is known to be undone', async () => {
    const store = await openNotes()
    const lost = store.write(async (tx) => {
      await add(tx, 'never')
      await ask(cutConnections)
    })
    await expect(lost).rejects.toMatchObject({
      code: 'store_unreachable',
      message: expect.not.stringContaining('look whether it is there'),
    })
    expect(await store.read(texts)).toEqual([])
  })

  test('a commit whose answer was lost is found out, and is no failure', async () => {
    const { store, proxy } = await throughProxy()
    proxy.swallowAnswerTo('; commit')
    expect(await store.write((tx) => add(tx, 'kept'))).toBe(1)
    expect(await store.read(texts)).toEqual(['kept'])
  })

  test('a commit that a crash has undone is not taken for one that the server made after it', async () => {
    const cluster = await startCluster(durable)
    onTestFinished(cluster.stop)
    const open = () => openPostgres(cluster.url, { schema: 'crash', create: true })
    const [store, other] = [await open(), await open()]
    onTestFinished(async () => {
      await store.close()
      await other.close()
    })
    await migrate(store, notes)
    const lost = store.write(async (tx) => {
      await add(tx, 'undone')
      await cluster.halt('badly')
      await cluster.resume()
      // The server numbers its transactions from the last one on that it had on its disk.
      await other.write((tx) => add(tx, 'kept'))
    })
    await expect(lost).rejects.toMatchObject({ code: 'store_unreachable' })
    expect(await other.read(texts)).toEqual(['kept'])
  })

  test('a commit is uncertain only when nobody can be asked', async () => {
    const { store, proxy } = await throughProxy({ doubt: 300 })
    proxy.swallowAnswerTo('; commit', proxy.cut)
    const lost = store.write((tx) => add(tx, 'perhaps'))
    await expect(lost).rejects.toThrow('look whether it is there')
    proxy.resume()
    expect(await store.read(texts)).toEqual(['perhaps'])
  })

  test('a network that says nothing is given up, and used again when it speaks', async () => {
    const { store, proxy } = await throughProxy({ patience: 100, silence: 300 })
    await store.write((tx) => add(tx, 'before'))
    proxy.stall()
    await expect(store.write((tx) => add(tx, 'never'))).rejects.toMatchObject({
      code: 'store_unreachable',
      message: expect.stringContaining('cannot be reached'),
    })
    proxy.resume()
    await store.write((tx) => add(tx, 'after'))
    expect(await store.read(texts)).toEqual(['before', 'after'])
  })

  test('a store on a network that says nothing can be closed', async () => {
    const { store, proxy } = await throughProxy()
    const first = heard(store, 'before')
    await store.write((tx) => add(tx, 'before'))
    await first
    proxy.stall()
    await store.close()
  })

  test('a watcher hears again after its connection was lost', async () => {
    const store = await openNotes()
    const first = heard(store, 'first')
    let rings = 0
    onTestFinished(store.watch(() => rings++))
    await store.write((tx) => add(tx, 'first'))
    await first
    const again = heard(store, 'second')
    await ask(cutConnections)
    await store.write((tx) => add(tx, 'second'))
    await again
    expect(rings).toBeGreaterThan(1)
  })

  test('a server that is not there is named without its password', async () => {
    const opening = openPostgres('postgres://user:secr@et@127.0.0.1:1/board?sslpassword=secret', {
      schema: 'kanban',
      create: true,
    })
    const error = await opening.catch((refusal) => refusal)
    expect(error).toMatchObject({ code: 'store_unreachable' })
    expect(error.message).toContain('postgres://user@127.0.0.1:1/board')
    expect(JSON.stringify([error.message, error.details, error.stack])).not.toContain('secr')
  })

  test('a database that does not exist is a matter of configuration', async () => {
    const other = url.replace('/postgres?', '/nowhere?')
    await expect(openPostgres(other, { schema: 'kanban', create: true })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('nowhere'),
    })
  })

  test('a schema is made only when that is asked for', async () => {
    const opening = openPostgres(url, { schema: 'kanban_not-here', create: false })
    await expect(opening).rejects.toMatchObject({
      code: 'board_gone',
      message: expect.stringContaining('kanban_not-here'),
    })
  })

  test('a schema that is removed while it is open is gone, and is not made again', async () => {
    const store = await openNotes()
    const { schema } = placeOf(store) as { schema: string }
    await ask(`drop schema ${pg.escapeIdentifier(schema)} cascade`)
    await expect(store.read(texts)).rejects.toMatchObject({ code: 'board_gone' })
    await expect(store.write((tx) => add(tx, 'a'))).rejects.toMatchObject({ code: 'board_gone' })
    await expect(migrate(store, notes)).rejects.toMatchObject({ code: 'board_gone' })
  })

  test('a name that PostgreSQL would cut is refused', async () => {
    const opening = openPostgres(url, { schema: `kanban_${'x'.repeat(57)}`, create: true })
    await expect(opening).rejects.toMatchObject({ code: 'invalid' })
  })

  test('a text that PostgreSQL cannot keep fails alone', async () => {
    const store = await openNotes()
    await expect(store.write((tx) => add(tx, 'a\0b'))).rejects.toThrow()
    await store.write((tx) => add(tx, 'ab'))
    expect(await store.read(texts)).toEqual(['ab'])
  })

  test('writers of different boards do not wait for each other', async () => {
    const one = await openNotes()
    const other = await openNotes()
    await one.write(async () => {
      await other.write((tx) => add(tx, 'meanwhile'))
    })
    expect(await other.read(texts)).toEqual(['meanwhile'])
  })

  test('a write that changes nothing rings nobody', async () => {
    const store = await openNotes()
    const ready = heard(store, 'ready')
    let rings = 0
    store.watch(() => rings++)
    await store.write((tx) => add(tx, 'ready'))
    await ready
    const before = rings
    await store.write(texts)
    const after = heard(store, 'after')
    await store.write((tx) => add(tx, 'after'))
    await after
    expect(rings).toBe(before + 1)
  })

  test('text has the order of its bytes, whatever the language of the server', async () => {
    const store = await openNotes()
    await store.write((tx) => add(tx, 'a'))
    const query = sql`select collation for (text) as collation from notes`
    expect(await store.read((reader) => reader.get(query))).toEqual({ collation: '"C"' })
  })

  test('ten readers at once are all served', async () => {
    const store = await openNotes()
    await store.write((tx) => add(tx, 'a'))
    const reads = Array.from({ length: 10 }, () => store.read(texts))
    expect(await Promise.all(reads)).toEqual(Array.from({ length: 10 }, () => ['a']))
  })
})
