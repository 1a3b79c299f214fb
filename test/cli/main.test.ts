/** The program itself, started as a shell starts it. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { hermes, newRoot } from '../operations/home.ts'

const program = join(import.meta.dirname, '../../src/main.ts')

test('results go to stdout and nothing else does', async () => {
  const root = newRoot()
  writeFileSync(join(root, 'config.yaml'), 'kanban: { command: "true" }\n')
  const made = await hermes(root, ['kanban', 'create', 'x', '--assignee', 'default'])
  expect(made.code).toBe(0)
  expect(made.out).toMatch(/^Created t_\w{8} {2}\(ready, assignee=default\)\n$/)
  expect(made.err).toMatch(/^hermes: no dispatcher is running: .*\n$/)
  const json = await hermes(root, ['kanban', 'create', 'x', '--assignee', 'default', '--json'])
  expect(JSON.parse(json.out)).toMatchObject({ assignee: 'default' })
  expect(json.err).toBe('')
  expect(await hermes(root, ['kanban', 'show', 't_nope'])).toEqual({
    code: 1,
    out: '',
    err: 'hermes: there is no task t_nope on this board\n',
  })
  expect(await hermes(root, ['kanban', 'shwo'])).toEqual({
    code: 2,
    out: '',
    err: 'hermes: unknown command "shwo": did you mean show?\n',
  })
})

test('a verb works on a machine that has nothing yet', async () => {
  const root = join(newRoot(), 'not', 'there', 'with space')
  expect(await hermes(root, ['kanban', 'list'])).toEqual({ code: 0, out: 'No tasks.\n', err: '' })
})

test('help and version make no file', async () => {
  const root = newRoot()
  for (const argv of [
    ['--help'],
    ['--version'],
    ['kanban', '--help'],
    ['kanban', 'create', '--help'],
    ['kanban', '--version'],
    ['kanban', 'create'],
    ['kanban', 'create', 'x', '--max-runtime', 'soon'],
    [],
  ]) {
    await hermes(root, argv)
    expect(readdirSync(root), argv.join(' ')).toEqual([])
  }
  for (const argv of [['--version'], ['-v'], ['-V'], ['version']]) {
    expect(await hermes(root, argv)).toEqual({ code: 0, out: `${pkg.version}\n`, err: '' })
  }
  expect((await hermes(root, ['--help'])).out).toMatch(/kanban.*--version/s)
  expect((await hermes(root, ['kanban', '--help'])).out).toMatch(/^ {2}mcp {2,}Serve the board/m)
  expect((await hermes(root, ['kanban', 'help', 'mcp'])).out).toMatch(/^Usage: hermes kanban mcp/)
})

test('a surface that does not exist is refused with the nearest', async () => {
  expect(await hermes(newRoot(), ['knaban', 'list'])).toEqual({
    code: 2,
    out: '',
    err: 'hermes: unknown command "knaban" (did you mean kanban?)\n',
  })
  expect((await hermes(newRoot(), ['list', '--json'])).err).toBe(
    'hermes: unknown command "list" (did you mean hermes kanban list?)\n',
  )
  expect(await hermes(newRoot(), ['-p', 'writer'])).toEqual({
    code: 2,
    out: '',
    err: 'hermes: -p <profile> stands before a command: see `hermes --help`\n',
  })
})

test('what was typed is quoted without anything that a terminal obeys', async () => {
  const odd = 'a\u202eb\u001b[31mc'
  for (const argv of [[odd], ['mcp', odd], ['kanban', odd], ['profile', odd], ['doctor', odd]]) {
    const { code, err } = await hermes(newRoot(), argv)
    expect(code, argv[0]).toBe(2)
    expect(err, argv[0]).toMatch(/a.*b.*c/)
    for (const sign of ['\u202e', '\u001b']) expect(err, argv[0]).not.toContain(sign)
  }
})

test('-p stands before any command', async () => {
  const root = newRoot()
  await hermes(root, ['-p', 'Writer', 'kanban', 'create', 'x', '--assignee', 'writer'])
  const { out } = await hermes(root, ['--profile', 'writer', 'kanban', 'list', '--mine', '--json'])
  expect(JSON.parse(out)).toMatchObject([{ created_by: 'writer' }])
  const env = { HERMES_PROFILE: 'nobody' }
  expect((await hermes(root, ['kanban', 'list', '--mine'], { env })).out).toBe('No tasks.\n')
})

test('a body is read from stdin', async () => {
  const root = newRoot()
  const stdin = 'naïve\nsecond\n'
  const { out } = await hermes(root, ['kanban', 'create', 'x', '--body', '-', '--json'], { stdin })
  expect(JSON.parse(out).body).toBe(stdin)
})

test('a corrupt board is named and left as it is', async () => {
  const root = newRoot()
  const file = join(root, 'kanban.db')
  writeFileSync(file, 'this is no database, but somebody may need it'.repeat(100))
  const { code, out, err } = await hermes(root, ['kanban', 'create', 'x'])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(new RegExp(`^hermes: ${file} .*left as it is.*\\n$`))
})

test.skipIf(process.platform !== 'linux')('a disk that is full is one sentence', async () => {
  const root = newRoot()
  const full = openSync('/dev/full', 'w')
  const child = spawn(process.execPath, [program, 'kanban', 'list'], {
    env: { HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH },
    stdio: ['ignore', full, 'pipe'],
  })
  closeSync(full)
  let err = ''
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    err += text
  })
  const [code] = await once(child, 'close')
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringMatching(/^hermes: cannot write: [^\n]*ENOSPC[^\n]*\n$/),
  })
})

test('a home that cannot be used is one sentence', async () => {
  const root = newRoot()
  writeFileSync(join(root, 'file'), '')
  const { code, err } = await hermes(join(root, 'file', 'home'), ['kanban', 'list'])
  expect(code).toBe(1)
  expect(err).toMatch(/^hermes: [^\n]*HERMES_KANBAN_HOME[^\n]*\n$/)
})

test.skipIf(process.getuid?.() === 0)('a home that may not be read is one sentence', async () => {
  const root = newRoot()
  const home = join(root, 'home')
  mkdirSync(home)
  chmodSync(home, 0o000)
  const { code, err } = await hermes(home, ['kanban', 'list'])
  expect(code).toBe(1)
  expect(err).toMatch(/^hermes: [^\n]*\n$/)
})

test('a broken configuration stops only what needs it', async () => {
  const root = newRoot()
  writeFileSync(join(root, 'config.yaml'), 'kanban: [\n')
  expect((await hermes(root, ['kanban', 'list'])).code).toBe(0)
  const { out } = await hermes(root, ['kanban', 'create', 'x'])
  const id = /t_\w{8}/.exec(out)?.[0] ?? ''
  const { code, err } = await hermes(root, ['kanban', 'claim', id])
  expect(code).toBe(1)
  expect(err).toMatch(/^hermes: [^\n]*config\.yaml[^\n]*\n$/)
})

test('a variable that means nothing is one sentence', async () => {
  const env = { HERMES_KANBAN_CLAIM_TTL_SECONDS: 'long' }
  expect(await hermes(newRoot(), ['kanban', 'list'], { env })).toEqual({
    code: 1,
    out: '',
    err: 'hermes: HERMES_KANBAN_CLAIM_TTL_SECONDS must be a whole number, 1 or more: correct or unset it\n',
  })
})

test('tail goes on until Ctrl-C, which is a good end', async () => {
  const root = newRoot()
  const { out } = await hermes(root, ['kanban', 'create', 'x'])
  const id = /t_\w{8}/.exec(out)?.[0] ?? ''
  let commented = false
  const tail = await hermes(root, ['kanban', 'tail', id, '--json'], {
    onOut: (text, stop) => {
      if (text.includes('"commented"')) stop()
      else if (!commented) {
        commented = true
        void hermes(root, ['kanban', 'comment', id, 'hello'])
      }
    },
  })
  expect(tail).toMatchObject({ code: 0, err: '' })
  const kinds = tail.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).kind)
  expect(kinds).toEqual(['created', 'commented'])
})
