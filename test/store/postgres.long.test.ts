import { describe, expect, inject, test } from 'vitest'
import { add, heard, texts } from '../support/notes.ts'
import { throughProxy } from './networks.ts'

describe.skipIf(inject('pgUrl') === undefined)('on PostgreSQL', () => {
  test('a writer that is cut off in its turn does not keep the others from theirs', async () => {
    const { store, proxy, beside } = await throughProxy({ patience: 100, silence: 300 })
    const lost = store.write(async (tx) => {
      await add(tx, 'never')
      proxy.stall()
      await add(tx, 'never either')
    })
    await expect(lost).rejects.toMatchObject({ code: 'store_unreachable' })
    await beside.write((tx) => add(tx, 'meanwhile'))
    expect(await beside.read(texts)).toEqual(['meanwhile'])
  })

  test('a watcher whose connection the network has forgotten hears again', async () => {
    const { store, proxy, beside } = await throughProxy()
    const first = heard(store, 'first')
    await store.write((tx) => add(tx, 'first'))
    await first
    const second = heard(store, 'second')
    proxy.forget()
    await beside.write((tx) => add(tx, 'second'))
    await second
  })
})
