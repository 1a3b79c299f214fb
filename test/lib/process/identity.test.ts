import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { parsePs } from '../../../src/lib/process/darwin.ts'
import { bootId, identityOf, isAlive } from '../../../src/lib/process/identity.ts'
import { parseStat } from '../../../src/lib/process/linux.ts'
import { temporaryFolder } from '../folder.ts'
import { program, zombie } from '../program.ts'

test('a process keeps its identity and shares it with nobody', async () => {
  const { pid } = await program('echo ready; sleep 60')
  expect(identityOf(process.pid)).toBe(identityOf(process.pid))
  expect(identityOf(process.pid)).toMatch(/^[^:]+:\d+$/)
  expect(identityOf(pid)).not.toBe(identityOf(process.pid))
  expect(isAlive(pid, identityOf(pid) ?? '')).toBe(true)
})

test('a process that has ended is not alive', async () => {
  const { child, pid, ended } = await program('echo ready; exec sleep 60')
  const identity = identityOf(pid) ?? ''
  child.kill('SIGKILL')
  await ended
  expect(isAlive(pid, identity)).toBe(false)
  expect(isAlive(pid, null)).toBe(false)
  expect(identityOf(pid)).toBeUndefined()
})

test('a process that took over a pid is not the one that had it', () => {
  expect(isAlive(process.pid, `${bootId()}:1`)).toBe(false)
})

test('a process of an earlier boot is gone, whoever has its pid now', () => {
  const start = identityOf(process.pid)?.split(':')[1]
  expect(isAlive(process.pid, `another-boot:${start}`)).toBe(false)
})

test.runIf(process.platform === 'linux')('a zombie is not alive', async () => {
  const { said } = await zombie()
  const pid = Number(said[0])
  await vi.waitFor(() => expect(isAlive(pid, null)).toBe(false))
  expect(process.kill(pid, 0)).toBe(true)
})

test('a name with brackets and spaces hides nothing', async () => {
  const named = join(temporaryFolder(), 'a) Z 1 (b')
  symlinkSync('/bin/sleep', named)
  const { pid } = await program('echo ready; exec "$SLEEP" 60', { SLEEP: named })
  await vi.waitFor(() => expect(identityOf(pid)).toMatch(/:\d{2,}$/))
  expect(isAlive(pid, identityOf(pid) ?? '')).toBe(true)
})

test.each([0, -1, 1.5, Number.NaN, 2 ** 40])('%d is no living process', (pid) => {
  expect(isAlive(pid, null)).toBe(false)
})

test('/proc/<pid>/stat is read behind the last bracket', () => {
  const rest = 'S 7 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 98765 1 1'
  const seen = { pid: 42, parent: 7, group: 42, start: '98765', zombie: false }
  expect(parseStat(`42 (sh) ${rest}`)).toEqual(seen)
  expect(parseStat(`42 (x) Z 1 1) ${rest}`)).toEqual(seen)
  expect(parseStat(`42 (sh) ${rest.replace('S', 'Z')}`)).toEqual({ ...seen, zombie: true })
})

test('ps of macOS is read', () => {
  const text = [
    '    1     0     1     0 Ss   Wed Nov 18 09:00:01 2026',
    '  502     1   502   501 S+   Fri Nov 20 20:15:00 2026     node main.js TOKEN=1',
    '  503   502   502   501 Z    Fri Nov  6 20:15:01 2026     (sh)',
    '',
  ].join('\n')
  expect(parsePs(text)).toEqual([
    {
      pid: 1,
      parent: 0,
      group: 1,
      start: String(Date.UTC(2026, 10, 18, 9, 0, 1) / 1000),
      zombie: false,
    },
    {
      pid: 502,
      parent: 1,
      group: 502,
      start: String(Date.UTC(2026, 10, 20, 20, 15) / 1000),
      zombie: false,
    },
    {
      pid: 503,
      parent: 502,
      group: 502,
      start: String(Date.UTC(2026, 10, 6, 20, 15, 1) / 1000),
      zombie: true,
    },
  ])
})
