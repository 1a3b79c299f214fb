import { expect, test } from 'vitest'
import { migrate } from '../../src/store/schema.ts'
import { sql } from '../../src/store/sql.ts'
import type { Reader, Store, Tx } from '../../src/store/store.ts'
import { add, heard, notes, texts } from '../support/notes.ts'
import { startPeer } from '../support/peer.ts'
import { forEachStore, type OpenOptions, placeOf } from '../support/stores.ts'

forEachStore((open) => {
  async function openNotes(options?: OpenOptions): Promise<Store> {
    const store = await open(options)
    await migrate(store, notes)
    return store
  }

  async function openPeer(store: Store) {
    const peer = await startPeer(placeOf(store))
    await peer.ask('open')
    return peer
  }

  test('what a body throws undoes all that it wrote', async () => {
    const store = await openNotes()
    const failing = store.write(async (tx) => {
      await add(tx, 'undone')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await store.write((tx) => add(tx, 'kept'))
    expect(await store.read(texts)).toEqual(['kept'])
  })

  test('a statement that fails undoes the transaction even if the body goes on', async () => {
    const store = await openNotes()
    const failing = store.write(async (tx) => {
      await add(tx, 'undone')
      await tx.run(sql`insert into nowhere (a) values (1)`).catch(() => {})
      return 'fine'
    })
    await expect(failing).rejects.toThrow('nowhere')
    const afterwards = store.write(async (tx) => {
      await tx.run(sql`insert into nowhere (a) values (1)`).catch(() => {})
      await add(tx, 'undone')
    })
    await expect(afterwards).rejects.toThrow('nowhere')
    expect(await store.read(texts)).toEqual([])
  })

  test('a statement that nobody waits for is in the transaction or fails it', async () => {
    const store = await openNotes()
    const insert = (text: string) => sql`insert into notes (text) values (${text})`
    const careless = store.write(async (tx) => {
      void tx.run(insert('one'))
      void tx.run(insert('two'))
    })
    if (store.dialect === 'postgres') {
      await expect(careless).rejects.toThrow('This transaction is over')
      const failing = store.write(async (tx) => {
        void tx.run(sql`insert into nowhere (a) values (1)`)
      })
      await expect(failing).rejects.toThrow('nowhere')
    } else {
      await careless
    }
    const done = store.dialect === 'postgres' ? [] : ['one', 'two']
    expect(await store.read(texts)).toEqual(done)
  })

  test('a transaction cannot be used after its body', async () => {
    const store = await openNotes()
    let tx: Tx | undefined
    let reader: Reader | undefined
    await store.write(async (given) => {
      tx = given
    })
    await store.read(async (given) => {
      reader = given
    })
    await expect(tx && add(tx, 'late')).rejects.toThrow('This transaction is over')
    await expect(reader && texts(reader)).rejects.toThrow('This transaction is over')
    expect(await store.read(texts)).toEqual([])
  })

  test('a read sees one state while another process writes', async () => {
    const store = await openNotes()
    const peer = await openPeer(store)
    const seen = await store.read(async (reader) => {
      const before = await texts(reader)
      await peer.ask('add', 'meanwhile')
      return [before, await texts(reader)]
    })
    expect(seen).toEqual([[], []])
    expect(await store.read(texts)).toEqual(['meanwhile'])
  })

  test('a read sees nothing of a transaction that is not committed', async () => {
    const store = await openNotes()
    const peer = await openPeer(store)
    await peer.ask('hold', 'not yet')
    expect(await store.read(texts)).toEqual([])
    await peer.ask('let go')
    expect(await store.read(texts)).toEqual(['not yet'])
  })

  test('bodies of all stores on a database run one at a time', async () => {
    const store = await openNotes()
    const other = await open({ beside: store })
    await store.write((tx) => add(tx, 'counter'))
    async function increment(tx: Tx): Promise<void> {
      const row = await tx.get<{ size: number }>(sql`select size from notes`)
      await tx.run(sql`update notes set size = ${(row?.size ?? 0) + 1}`)
    }
    const both = Array.from({ length: 40 }, (_, i) => (i % 2 ? store : other).write(increment))
    await Promise.all(both)
    const row = await store.read((reader) => reader.get(sql`select size from notes`))
    expect(row).toEqual({ size: 40 })
  })

  test('writes run in the order in which they were asked for', async () => {
    const store = await openNotes()
    const names = Array.from({ length: 30 }, (_, i) => `note ${i}`)
    await Promise.all(names.map((text) => store.write((tx) => add(tx, text))))
    expect(await store.read(texts)).toEqual(names)
  })

  test('a write waits for the one of another process', async () => {
    const store = await openNotes()
    const peer = await openPeer(store)
    await peer.ask('hold', 'first')
    const second = store.write((tx) => add(tx, 'second'))
    await peer.ask('let go')
    await second
    expect(await store.read(texts)).toEqual(['first', 'second'])
  })

  test('a write that gets no turn in time is refused, and says where', async () => {
    const store = await openNotes({ patience: 50 })
    const peer = await openPeer(store)
    await peer.ask('hold', 'first')
    const refused = store.write((tx) => add(tx, 'second'))
    await expect(refused).rejects.toMatchObject({
      code: 'board_busy',
      message: expect.stringContaining(store.place),
    })
    await peer.ask('let go')
    await store.write((tx) => add(tx, 'third'))
    expect(await store.read(texts)).toEqual(['first', 'third'])
  })

  test('a process that is killed in a transaction leaves nothing of it and nobody waiting', async () => {
    const store = await openNotes()
    const peer = await openPeer(store)
    await peer.ask('hold', 'undone')
    const waiting = store.write((tx) => add(tx, 'kept'))
    await peer.kill()
    await waiting
    expect(await store.read(texts)).toEqual(['kept'])
  })

  test('now is one moment for the whole of a transaction', async () => {
    let now = 1_000
    const store = await openNotes({ clock: () => now++ })
    const start = now
    const moments = await store.write(async (tx) => {
      const first = tx.now
      await add(tx, 'a')
      return [first, tx.now]
    })
    expect(moments).toEqual([start, start])
    expect(await store.read(async (reader) => reader.now)).toBe(start + 1)
  })

  test('without a clock of its own now is the time in whole seconds', async () => {
    const store = await openNotes()
    const now = await store.write(async (tx) => tx.now)
    expect(Number.isInteger(now)).toBe(true)
    expect(Math.abs(now - Date.now() / 1000)).toBeLessThan(60)
  })

  test('a watcher hears of commits of its own process and of another', async () => {
    const store = await openNotes()
    const peer = await openPeer(store)
    const own = heard(store, 'ours')
    await store.write((tx) => add(tx, 'ours'))
    await own
    const foreign = heard(store, 'theirs')
    await peer.ask('add', 'theirs')
    await foreign
  })

  test('a watcher that was stopped hears nothing, the others still do', async () => {
    const store = await openNotes()
    let rings = 0
    const stop = store.watch(() => rings++)
    const first = heard(store, 'one')
    await store.write((tx) => add(tx, 'one'))
    await first
    const before = rings
    stop()
    const second = heard(store, 'two')
    await store.write((tx) => add(tx, 'two'))
    await second
    expect(rings).toBe(before)
  })

  test('watching does not keep a program alive', async () => {
    const store = await openNotes()
    const peer = await openPeer(store)
    await peer.ask('watch')
    expect(await peer.end()).toBe(0)
  })

  test('closing waits for what was asked for before and refuses what comes later', async () => {
    const store = await openNotes()
    const other = await open({ beside: store })
    const earlier = store.write((tx) => add(tx, 'before'))
    await Promise.all([store.close(), store.close()])
    await earlier
    await expect(store.write((tx) => add(tx, 'after'))).rejects.toThrow('is closed')
    await expect(store.read(texts)).rejects.toThrow('is closed')
    expect(await other.read(texts)).toEqual(['before'])
  })

  test('both databases calculate and answer with the same kinds of values', async () => {
    const store = await openNotes()
    await store.write((tx) => add(tx, 'a "quoted" ünïcode 🙂'))
    const row = await store.read((reader) =>
      reader.get(sql`
        select text, size, ${7} / 2 as half, null as missing, 1 = 1 as yes, count(*) as n,
          sum(size) as total
        from notes group by id, text, size`),
    )
    expect(row).toEqual({
      text: 'a "quoted" ünïcode 🙂',
      size: 0,
      half: 3,
      missing: null,
      yes: 1,
      n: 1,
      total: 0,
    })
  })

  test('a body may ask for several things at once', async () => {
    const store = await openNotes()
    await store.write(async (tx) => {
      await Promise.all([add(tx, 'a'), add(tx, 'b'), add(tx, 'c')])
    })
    expect(await store.read(texts)).toEqual(['a', 'b', 'c'])
  })

  test('a row that does not exist is undefined, and a change says how many rows it met', async () => {
    const store = await openNotes()
    await store.write(async (tx) => {
      await add(tx, 'a')
      await add(tx, 'b')
      expect(await tx.run(sql`update notes set size = 1 where size = 0`)).toBe(2)
      expect(await tx.run(sql`update notes set size = 2 where size = 0`)).toBe(0)
    })
    const missing = await store.read((reader) =>
      reader.get(sql`select id from notes where size = 9`),
    )
    expect(missing).toBeUndefined()
  })
})
