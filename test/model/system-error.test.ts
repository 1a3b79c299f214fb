import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { BoardError } from '../../src/model/error.ts'
import { machineError } from '../../src/model/system-error.ts'

async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    return error
  }
}

test.skipIf(process.platform !== 'linux')('a disk without room is said in a sentence', async () => {
  const full = openSync('/dev/full', 'w')
  const error = machineError(await thrownBy(() => writeSync(full, 'x')))
  closeSync(full)
  expect(error).toBeInstanceOf(BoardError)
  expect(error).toMatchObject({
    code: 'environment',
    message: 'this could not be done: the disk is full; free some space and try again',
  })
  expect(machineError(error), 'asked again it is the same').toBe(error)
})

test('a file that is not ours is named', () => {
  const denied = Object.assign(new Error('EACCES'), { code: 'EACCES', path: '/a', syscall: 'open' })
  expect(machineError(denied)?.message).toBe(
    '/a cannot be used: it must be yours to read and write; correct its owner or its mode',
  )
})

test('a place that cannot be is named, and what to do', async () => {
  const inFile = machineError(await thrownBy(() => mkdirSync('/dev/null/home')))
  expect(inFile?.message).toMatch(
    /^\/dev\/null\/home cannot be used: a part of its path is a file;/,
  )
  const long = machineError(await thrownBy(() => mkdirSync(`/${'x'.repeat(300)}`)))
  expect(long?.message).toContain('its path is too long')
})

test.skipIf(process.platform !== 'linux')('a folder that nobody can make is named', async () => {
  const error = machineError(await thrownBy(() => mkdirSync('/proc/home')))
  expect(error?.message).toMatch(/^\/proc\/home cannot be used: no folder can be made there;/)
})

test('a part of this program that is gone is named, and what to do', async () => {
  const name = './no-such-part.ts'
  const error = machineError(await import(name).catch((thrown: unknown) => thrown))
  expect(error?.message).toMatch(/a part of this program is missing \(\S*no-such-part.ts\)/)
  const installed = machineError(await thrownBy(() => createRequire(import.meta.url)(name)))
  expect(installed?.message).toMatch(
    /^a part of this program is missing \(\S*no-such-part.ts\), because .*$/,
  )
})

test('anything else may be a fault of ours, and stays what it is', async () => {
  const missing = await thrownBy(() => readFileSync('/no/such/file'))
  const nobody = await thrownBy(() => once(spawn('/no/such/program'), 'exit'))
  const forbidden = Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'kill' })
  for (const error of [missing, nobody, forbidden, new TypeError('x'), 'text', undefined]) {
    expect(machineError(error)).toBeUndefined()
  }
  expect(machineError(new BoardError('environment', 'no home'))).toBeUndefined()
})
