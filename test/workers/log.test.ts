import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followLog } from '../../src/workers/follow-log.ts'
import { logPath, olderParts, openLog, readTail, rotate } from '../../src/workers/log.ts'
import { temporaryFolder } from '../lib/folder.ts'

const now = Date.UTC(2026, 10, 20, 20, 15) / 1000

function logWith(text: string | Buffer): string {
  const path = join(temporaryFolder(), 't_1.log')
  writeFileSync(path, text)
  return path
}

test('each run opens its part of the log with a line', async () => {
  const logs = join(temporaryFolder(), 'logs')
  for (const run of [1, 2]) {
    const file = await openLog(logs, 't_1', { run, profile: 'writer', now })
    await file.appendFile('stopped in a line')
    await file.close()
  }
  expect(readFileSync(logPath(logs, 't_1'), 'utf8')).toBe(
    [
      '=== run 1 · writer · 2026-11-20T20:15:00Z ===',
      'stopped in a line',
      '=== run 2 · writer · 2026-11-20T20:15:00Z ===',
      'stopped in a line',
    ].join('\n'),
  )
  expect(statSync(logs).mode & 0o777).toBe(0o700)
  expect(statSync(logPath(logs, 't_1')).mode & 0o777).toBe(0o600)
})

test('an id that looks like a path has its log beside the others', async () => {
  const base = temporaryFolder()
  for (const id of ['../out', '../../../../../../tmp/out', '/tmp/out', 'a/b', '..']) {
    const file = await openLog(join(base, 'logs'), id, { run: 1, profile: 'writer', now })
    await file.close()
  }
  expect(readdirSync(base)).toEqual(['logs'])
  expect(readdirSync(join(base, 'logs'))).toHaveLength(5)
})

test.each([
  [0, ''],
  [3, 'ee'],
  [6, 'three'],
  [7, 'three'],
  [10, 'two\nthree'],
  [14, 'one\ntwo\nthree'],
  [1000, 'one\ntwo\nthree'],
])('a tail of %d bytes starts at a line', (bytes, tail) => {
  const text = 'one\ntwo\nthree'
  const expected = bytes === 3 ? 'ree' : tail
  expect(readTail(logWith(text), bytes)).toBe(expected)
})

test('a tail of one long line starts where it must, at a whole character', () => {
  const path = logWith('板'.repeat(100))
  expect(readTail(path, 7)).toBe('板板')
  expect(readTail(path, 9)).toBe('板板板')
})

test('a line that is all there is stays, when only its end is a line break', () => {
  expect(readTail(logWith(`${'x'.repeat(50)}\n`), 10)).toBe(`${'x'.repeat(9)}\n`)
})

test('a character that is still being written is left out', () => {
  const path = logWith(Buffer.from('ok 板').subarray(0, 5))
  expect(readTail(path, 100)).toBe('ok ')
})

test('a tail never splits a character and is never longer than asked', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 12 })
  const path = logWith('')
  fc.assert(
    fc.property(fc.array(line), fc.nat(120), (lines, bytes) => {
      const text = lines.join('\n').replaceAll('\0', '').toWellFormed()
      writeFileSync(path, text)
      const tail = readTail(path, bytes)
      expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(bytes)
      expect(text.endsWith(tail)).toBe(true)
    }),
  )
})

test('a log that is not there has an empty tail', () => {
  expect(readTail('/nowhere/t_1.log', 100)).toBe('')
})

test('a tail reaches back into the older file', () => {
  const path = logWith('three\n')
  writeFileSync(`${path}.1`, 'one\ntwo\n')
  expect(readTail(path, 11)).toBe('two\nthree\n')
  expect(readTail(path, 100)).toBe('one\ntwo\nthree\n')
})

test('a log within its bound is not rotated, one beyond it replaces the older', () => {
  const path = logWith('12345')
  writeFileSync(`${path}.1`, 'older')
  expect(rotate(path, 5)).toBe(false)
  expect(rotate(path, 4)).toBe(true)
  expect(readFileSync(path, 'utf8')).toBe('')
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('12345')
  expect(existsSync(`${path}.1.tmp`)).toBe(false)
  expect(rotate('/nowhere/t_1.log', 4)).toBe(false)
})

test('as many older parts are kept as is asked for, and read as one log', () => {
  const path = logWith('one\n')
  for (const line of ['two\n', 'three\n', 'four\n']) {
    rotate(path, 1, 2)
    appendFileSync(path, line)
  }
  expect(olderParts(path)).toEqual([`${path}.1`, `${path}.2`])
  expect(readTail(path, 100)).toBe('two\nthree\nfour\n')
  expect(readTail(path, 11)).toBe('three\nfour\n')
  rotate(path, 1)
  expect(olderParts(path)).toEqual([`${path}.1`])
  expect(readTail(path, 100)).toBe('four\n')
})

test('a worker that writes on while its log is rotated keeps order and lines, and loses an instant at most', async () => {
  const path = logWith('')
  const fd = openSync(path, 'a')
  const script = 'i=0; while [ $i -lt 60000 ]; do i=$((i+1)); echo "line $i"; done'
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', fd, fd] })
  closeSync(fd)
  const ended = once(child, 'exit')
  const kept: string[] = []
  let rotations = 0
  while (child.exitCode === null) {
    if (rotate(path, 64 * 1024)) {
      rotations++
      kept.push(readFileSync(`${path}.1`, 'utf8'))
    }
    await turn()
  }
  await ended
  const lines = [...kept, readFileSync(path, 'utf8')].join('').trimEnd().split('\n')
  const numbers = lines.map((line) => Number(/^line (\d+)$/.exec(line)?.[1]))
  expect(rotations).toBeGreaterThan(3)
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  expect(numbers.at(-1)).toBe(60_000)
  // It writes 50,000 lines a second, and a busy machine may stop us for 10 ms in the wrong place.
  expect(60_000 - numbers.length).toBeLessThan(6_000)
})

test('following sees each line once, across rotations, and ends when told', async () => {
  const path = logWith('before\n')
  const stop = new AbortController()
  const seen: string[] = []
  const steps = [
    () => appendFileSync(path, 'two\n'),
    () => {
      appendFileSync(path, 'three\n')
      rotate(path, 1)
      appendFileSync(path, 'four\n')
    },
    () => appendFileSync(path, Buffer.from('板').subarray(0, 1)),
    () =>
      appendFileSync(path, Buffer.concat([Buffer.from('板').subarray(1), Buffer.from(' end\n')])),
  ]
  const next = () => steps.shift()?.()
  const following = (async () => {
    for await (const text of followLog(path, stop.signal)) {
      seen.push(text)
      if (seen.join('').endsWith('板 end\n')) stop.abort()
      else next()
    }
  })()
  appendFileSync(path, 'one\n')
  await following
  expect(seen.join('')).toBe('one\ntwo\nthree\nfour\n板 end\n')
})

test('following waits for a log that is not there yet', async () => {
  const path = join(temporaryFolder(), 't_1.log')
  const stop = new AbortController()
  const first = followLog(path, stop.signal).next()
  writeFileSync(path, 'hello\n')
  expect((await first).value).toBe('hello\n')
})

test('following what never comes ends when told', async () => {
  const stop = new AbortController()
  const first = followLog('/nowhere/t_1.log', stop.signal).next()
  stop.abort()
  expect(await first).toEqual({ done: true, value: undefined })
})
