/** Whose processes are whose: a home is known again on its own machine, and on no other. */

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { becomeOwn, machineOf, runFolder, thisHost } from '../../src/dispatcher/host.ts'
import { takeLock } from '../../src/dispatcher/lock.ts'
import { temporaryFolder } from '../lib/folder.ts'

/** A home with what it wrote down about where it is. */
async function home() {
  const root = temporaryFolder()
  const host = await thisHost(root)
  const path = join(runFolder(root), 'installation')
  const [id = '', kernel = '', machine = ''] = readFileSync(path, 'utf8').split('\n')
  const was = (...lines: string[]): void => writeFileSync(path, `${lines.join('\n')}\n`)
  return { root, host, id, kernel, machine, was }
}

test('a lock is a file of its owner alone, whatever the umask is', async () => {
  const root = temporaryFolder()
  const lock = await takeLock(root, 'tick')
  expect(await takeLock(root, 'tick'), 'and is held against this very process').toBeUndefined()
  lock?.release()
  expect(statSync(join(runFolder(root), 'tick.lock')).mode & 0o777).toBe(0o600)
})

test('a home keeps its id, whoever asks and how often', async () => {
  const { root, host, id } = await home()
  expect(host.endsWith(`+${id}`)).toBe(true)
  expect(machineOf(await thisHost(root, 'Anna'))).toBe('anna')
  expect(await becomeOwn(root)).toBe(false)
  expect(await thisHost(root)).toBe(host)
})

test('after a start of the machine, or when it is called otherwise, a home is known again', async () => {
  const { root, host, id, kernel, machine, was } = await home()
  for (const lines of [[id], [id, 'earlier', machine], [id, kernel, 'otherwise']]) {
    was(...lines)
    expect(await becomeOwn(root), lines.join()).toBe(false)
    expect(await thisHost(root), lines.join()).toBe(host)
  }
})

test('a home that was copied from another machine gets an id of its own, once', async () => {
  const { root, host, id, was } = await home()
  was(id, 'its kernel', 'its name')
  expect(await becomeOwn(root)).toBe(true)
  const own = await thisHost(root)
  expect(own).not.toBe(host)
  expect(await becomeOwn(root)).toBe(false)
  expect(await thisHost(root)).toBe(own)
})
