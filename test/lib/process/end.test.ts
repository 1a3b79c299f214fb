import { expect, test, vi } from 'vitest'
import { token } from '../../../src/lib/ids.ts'
import { endProcesses } from '../../../src/lib/process/end.ts'
import { groupIsEmpty, signalGroup } from '../../../src/lib/process/group.ts'
import { bootId, identityOf, isAlive } from '../../../src/lib/process/identity.ts'
import { strays } from '../../../src/lib/process/strays.ts'
import { killWithTest, program, zombie } from '../program.ts'

const nothing = { terminated: false, sigkill: false, left: [] }

test('a worker that obeys TERM is not killed', async () => {
  const { pid, ended } = await program('echo ready; exec sleep 60')
  const start = identityOf(pid) ?? null
  expect(await endProcesses({ pgid: pid, start, graceMs: 5000 })).toEqual({
    terminated: true,
    sigkill: false,
    left: [],
  })
  expect((await ended).signal).toBe('SIGTERM')
})

test('a worker that ignores TERM is killed after the grace', async () => {
  const { pid, ended } = await program(`trap '' TERM; echo ready; while :; do sleep 60; done`)
  expect(await endProcesses({ pgid: pid, graceMs: 50 })).toMatchObject({ sigkill: true, left: [] })
  expect((await ended).signal).toBe('SIGKILL')
})

test('a group ends to the last member, after its leader too', async () => {
  const { pid, said, ended } = await program(
    `sh -c 'trap "" TERM; echo $$; while :; do sleep 60; done' & exec sleep 0`,
  )
  await ended
  expect(groupIsEmpty(pid)).toBe(false)
  expect(await endProcesses({ pgid: pid, graceMs: 50 })).toMatchObject({ sigkill: true, left: [] })
  expect(isAlive(Number(said[0]), null)).toBe(false)
})

test('a stopped worker ends by TERM', async () => {
  const { child, pid, ended } = await program('echo ready; exec sleep 60')
  child.kill('SIGSTOP')
  expect(await endProcesses({ pgid: pid, graceMs: 5000 })).toMatchObject({ sigkill: false })
  expect((await ended).signal).toBe('SIGTERM')
})

test('a worker that ends when asked gets no signal', async () => {
  const { child, pid, ended } = await program('echo ready; exec sleep 60')
  const polite = async () => {
    child.kill('SIGINT')
    await ended
  }
  expect(await endProcesses({ pgid: pid, graceMs: 5000, polite })).toEqual(nothing)
})

test.each([
  ['never answers', () => new Promise(() => {})],
  ['fails', () => Promise.reject(new Error('no'))],
])('asking politely does not hold up the end when it %s', async (_, polite) => {
  const { pid, ended } = await program('echo ready; exec sleep 60')
  expect(await endProcesses({ pgid: pid, graceMs: 50, polite })).toMatchObject({ terminated: true })
  await ended
})

test('what left the group in a session of its own is found by the token and ended', async () => {
  const mark = token()
  const { pid, said } = await program(
    `setsid sh -c 'trap "" TERM; echo $$; while :; do sleep 60; done' & exec sleep 60`,
    { HERMES_KANBAN_CLAIM_LOCK: `host:1:${mark}` },
  )
  const stray = Number(said[0])
  killWithTest(stray)
  const result = await endProcesses({ pgid: pid, token: mark, graceMs: 50 })
  expect(result).toEqual({ terminated: true, sigkill: true, left: [] })
  expect(isAlive(stray, null)).toBe(false)
  expect(strays(mark)).toEqual([])
})

test('strays are ended where no group was ever known', async () => {
  const mark = token()
  const { pid, ended } = await program('echo ready; exec sleep 60', { MARK: mark })
  expect(await endProcesses({ pgid: null, token: mark, graceMs: 5000 })).toMatchObject({
    terminated: true,
    sigkill: false,
  })
  await ended
  expect(isAlive(pid, null)).toBe(false)
})

test('a worker that keeps starting others in sessions of their own is ended with all of them', async () => {
  const mark = token()
  const { pid } = await program(
    `setsid sh -c 'trap "" TERM; echo ready; while :; do setsid sleep 60 & sleep 0.01; done' & wait`,
    { MARK: mark },
  )
  expect(await endProcesses({ pgid: pid, token: mark, graceMs: 50 })).toMatchObject({ left: [] })
  expect(strays(mark)).toEqual([])
})

test('a group that took over the number is left alone', async () => {
  const { pid } = await program('echo ready; exec sleep 60')
  expect(await endProcesses({ pgid: pid, start: `${bootId()}:1`, graceMs: 50 })).toEqual(nothing)
  expect(await endProcesses({ pgid: pid, start: 'another-boot:1', graceMs: 50 })).toEqual(nothing)
  expect(isAlive(pid, null)).toBe(true)
})

test('ending what has ended does nothing', async () => {
  const { child, pid, ended } = await program('echo ready; exec sleep 60')
  const start = identityOf(pid) ?? null
  child.kill('SIGKILL')
  await ended
  expect(await endProcesses({ pgid: pid, start, token: token(), graceMs: 50 })).toEqual(nothing)
})

test('nobody ends the group that they are in, nor every process of the user', async () => {
  for (const pgid of [0, 1, -1, Number.NaN]) {
    expect(await endProcesses({ pgid, graceMs: 50 })).toEqual(nothing)
    expect(() => signalGroup(pgid, 'SIGKILL')).toThrow(RangeError)
  }
  expect(() => strays('')).toThrow(RangeError)
})

test.runIf(process.platform === 'linux')('a group of zombies is empty', async () => {
  const { pid, said } = await zombie('setsid')
  const group = Number(said[0])
  expect(group).not.toBe(pid)
  await vi.waitFor(() => expect(groupIsEmpty(group)).toBe(true))
  expect(process.kill(-group, 0)).toBe(true)
})

test('the sweep spares whoever sweeps and everything it was started from', async () => {
  const mark = token()
  const module = new URL('../../../src/lib/process/strays.ts', import.meta.url).href
  const code = `import { strays } from '${module}'
    console.log(process.env.OTHER, ...strays(process.env.MARK).map(({ pid }) => pid))`
  const { said } = await program(
    'sleep 60 & OTHER=$! "$NODE" --input-type=module -e "$CODE"; wait',
    { MARK: mark, NODE: process.execPath, CODE: code },
  )
  const [sibling, ...found] = said
  expect(found).toEqual([sibling])
})
