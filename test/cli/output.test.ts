/** What a command prints, into whatever it is given. */

import { type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { hermes, newRoot } from '../operations/home.ts'

const program = join(import.meta.dirname, '../../src/main.ts')

// More than a pipe holds, and not in ASCII.
const body = 'ä line of a long body\n'.repeat(20_000)

// Node makes what its children inherit wait; other programs do not.
const unwaiting = [
  'perl',
  '-MFcntl',
  '-e',
  'fcntl STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK; exec @ARGV',
]

function show(root: string, id: string, stdio: SpawnOptions['stdio'], through: string[] = []) {
  return start(root, ['show', id, '--json'], stdio, through)
}

function start(
  root: string,
  words: readonly string[],
  stdio: SpawnOptions['stdio'],
  through: readonly string[] = [],
) {
  const [command = '', ...argv] = [...through, process.execPath, program]
  return spawn(command, [...argv, 'kanban', ...words], {
    env: { HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH },
    stdio,
  })
}

async function longTask(root: string): Promise<string> {
  const argv = ['kanban', 'create', 'x', '--body', '-', '--json']
  const { out } = await hermes(root, argv, { stdin: body })
  return JSON.parse(out).id
}

test('a file gets all of it', async () => {
  const root = newRoot()
  const id = await longTask(root)
  const path = join(root, 'out.json')
  const file = openSync(path, 'w')
  const [code] = await once(show(root, id, ['ignore', file, 'inherit']), 'close')
  closeSync(file)
  expect(code).toBe(0)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ task: { id, body } })
})

test('a pipe that does not wait for its reader gets all of it', async () => {
  const root = newRoot()
  const id = await longTask(root)
  const child = show(root, id, ['ignore', 'pipe', 'pipe'], unwaiting)
  const [printed, said, [code]] = await Promise.all([
    child.stdout && text(child.stdout),
    child.stderr && text(child.stderr),
    once(child, 'close'),
  ])
  expect({ code, said }).toEqual({ code: 0, said: '' })
  expect(JSON.parse(printed ?? '')).toMatchObject({ task: { id, body } })
})

test('a file that takes a part of it is no success', async () => {
  const root = newRoot()
  const id = await longTask(root)
  const file = openSync(join(root, 'out.json'), 'w')
  const limited = ['sh', '-c', 'ulimit -f 100; exec "$@"', 'sh']
  const child = show(root, id, ['ignore', file, 'pipe'], limited)
  closeSync(file)
  const said = child.stderr && text(child.stderr)
  const [code] = await once(child, 'close')
  expect({ code, said: await said }).toEqual({
    code: 1,
    said: expect.stringMatching(/^hermes: cannot write: [^\n]*EFBIG[^\n]*\n$/),
  })
})

test('what goes on ends when it is told to, though nobody reads', async () => {
  const root = newRoot()
  const id = await longTask(root)
  mkdirSync(join(root, 'kanban', 'logs'), { recursive: true })
  writeFileSync(join(root, 'kanban', 'logs', `${id}.log`), body)
  const child = start(
    root,
    ['log', id, '--follow', '--tail', '1000000'],
    ['ignore', 'pipe', 'pipe'],
  )
  await once(child.stdout as Readable, 'readable')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  child.stdout?.destroy()
})

test('a reader that leaves early ends it, and nothing is said', async () => {
  const root = newRoot()
  const child = show(root, await longTask(root), ['ignore', 'pipe', 'pipe'])
  const said = child.stderr && text(child.stderr)
  const closed = once(child, 'close')
  child.stdout?.once('data', () => child.stdout?.destroy())
  expect({ code: (await closed)[0], said: await said }).toEqual({ code: 0, said: '' })
})
