/** `hermes doctor` on homes that are well, ill, and not there. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkGateway } from '../../src/cli/doctor/gateway.ts'
import { checkHome } from '../../src/cli/doctor/installation.ts'
import { environment } from '../../src/config.ts'
import { hermes, newHome, newRoot, type Spawned } from '../operations/home.ts'

interface Seen {
  readonly about: string
  readonly level: string
  readonly says: string
  readonly next?: string
}

async function doctor(root: string, spawned?: Spawned) {
  const { code, out, err } = await hermes(root, ['doctor', '--json'], spawned)
  const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: Seen[] }
  expect({ ok: code === 0, err }).toEqual({ ok, err: '' })
  for (const { level, next } of findings) expect(next !== undefined).toBe(level !== 'ok')
  return (about: string) => findings.filter((finding) => finding.about === about)
}

test('a home that is well has nothing broken', async () => {
  const home = await newHome()
  mkdirSync(join(home.root, 'profiles', 'w'), { recursive: true })
  writeFileSync(join(home.root, 'profiles', 'w', 'config.yaml'), 'kanban: { command: "true" }\n')
  await home.run('boards', 'create', 'other')
  const about = await doctor(home.root)
  for (const what of ['node', 'sqlite', 'home', 'board default', 'board other', 'config', 'git']) {
    expect(about(what), what).toMatchObject([{ level: 'ok' }])
  }
  expect(about('profile w')).toMatchObject([{ level: 'ok', says: 'can start workers' }])
  expect(about('dispatcher')).toMatchObject([{ level: 'warning', next: 'hermes gateway start' }])
})

test('a machine that has nothing yet is told how to begin, and is given nothing', async () => {
  const root = join(newRoot(), 'none')
  const about = await doctor(root)
  expect(about('board default')[0]?.says).toContain('made at the first use')
  expect(about('profiles')[0]?.next).toContain('hermes profile install')
  expect(() => readdirSync(root)).toThrow('ENOENT')
})

test('a damaged board, and one that is none, are broken', async () => {
  const home = await newHome()
  await home.run('boards', 'create', 'ill')
  await home.run('boards', 'create', 'none')
  const folder = join(home.root, 'kanban', 'boards')
  for (let n = 0; n < 30; n++) await home.run('create', `task ${n}`, '--board', 'ill')
  writeFileSync(join(folder, 'none', 'kanban.db'), 'no database'.repeat(1000))
  const file = openSync(join(folder, 'ill', 'kanban.db'), 'r+')
  // In the middle of its pages, not in the head of the file.
  for (let page = 1; page < 8; page++) writeSync(file, Buffer.alloc(64, 0xff), 0, 64, page * 4096)
  const about = await doctor(home.root)
  expect(about('board default')).toMatchObject([{ level: 'ok' }])
  for (const name of ['ill', 'none']) {
    const [found] = about(`board ${name}`)
    expect(found, name).toMatchObject({ level: 'broken', says: expect.stringContaining(name) })
  }
})

test('what is wrong with the settings is named with its file', async () => {
  const root = newRoot()
  writeFileSync(join(root, 'config.yaml'), 'kanban: { max_wrokers: 3 }\n')
  mkdirSync(join(root, 'profiles', 'bad'), { recursive: true })
  writeFileSync(join(root, 'profiles', 'bad', 'config.yaml'), 'kanban: { args: x }\n')
  mkdirSync(join(root, 'profiles', 'odd'))
  const odd = 'kanban: { command: "true", modle: x, skills: [] }\n'
  writeFileSync(join(root, 'profiles', 'odd', 'config.yaml'), odd)
  mkdirSync(join(root, 'profiles', 'unskilled'))
  const unskilled = 'kanban: { command: "true", skills: [gone] }\n'
  writeFileSync(join(root, 'profiles', 'unskilled', 'config.yaml'), unskilled)
  const faulty = {
    mute: '{ description: x }',
    lost: '{ command: [no-such-program] }',
    blank: '{ runtime: agent }',
  }
  for (const [name, settings] of Object.entries(faulty)) {
    mkdirSync(join(root, 'profiles', name))
    writeFileSync(join(root, 'profiles', name, 'config.yaml'), `kanban: ${settings}\n`)
  }
  const about = await doctor(root)
  expect(about('config')).toMatchObject([{ level: 'warning' }])
  expect(about('config')[0]?.says).toContain('did you mean max_workers?')
  expect(about('profile bad')[0]?.says).toContain('kanban.args must be a list')
  expect(about('profile odd')[0]?.says).toContain('did you mean model?')
  expect(about('profile unskilled')).toMatchObject([
    {
      says: expect.stringContaining('has gone, which is not there'),
      next: 'hermes profile edit unskilled --skill <name>',
    },
  ])
  expect(about('profile mute')[0]?.next).toBe('hermes profile edit mute --runtime <name>')
  expect(about('profile lost')[0]?.next).toBe('hermes profile edit lost --command <script>')
  expect(about('profile blank')[0]?.next).toBe('hermes profile edit blank --model <name>')
  writeFileSync(join(root, 'config.yaml'), 'kanban: {}\nkanban: {}\n')
  const broken = await doctor(root)
  expect(broken('config')).toMatchObject([
    { level: 'broken', says: expect.stringMatching(/keys must be unique at line 2, column 1$/) },
  ])
  expect(broken('profile default')).toMatchObject([
    { level: 'warning', next: `correct ${join(root, 'config.yaml')}` },
  ])
})

test('chats and webhooks that are set up are looked at, and what they lack is named', async () => {
  const root = newRoot()
  const config = (text: string): void => writeFileSync(join(root, 'config.yaml'), text)
  const keys = (mode: number, ...lines: string[]): void => {
    writeFileSync(join(root, '.env'), lines.map((line) => `${line}\n`).join(''))
    chmodSync(join(root, '.env'), mode)
  }
  expect((await doctor(root))('gateway')).toEqual([])
  config(`gateway:
  slack: { allowed_user: [U1] }
  discord: { allowed_users: [7] }
  webhooks: { deploys: { url: 'https://x.example/', secret_env: DEPLOYS } }
`)
  keys(0o640, 'TELEGRAM_BOT_TOKEN=1:x', 'SLACK_BOT_TOKEN=xoxb-secret')
  const said = await hermes(root, ['doctor'])
  expect(said.out).not.toContain('xoxb')
  const ill = await doctor(root)
  expect(ill('.env')).toMatchObject([{ level: 'warning', next: `chmod 600 ${root}/.env` }])
  expect(ill('gateway')[0]?.says).toContain('did you mean allowed_users?')
  expect(ill('telegram').map(({ says }) => says)).toEqual([
    'nobody is answered: gateway.telegram.allowed_users in config.yaml is empty',
  ])
  expect(ill('discord').map(({ says }) => says)).toEqual(['DISCORD_BOT_TOKEN is not set'])
  expect(ill('slack').map(({ says }) => says)).toEqual([
    'SLACK_APP_TOKEN is not set',
    'nobody is answered: gateway.slack.allowed_users in config.yaml is empty',
  ])
  expect(ill('webhook deploys')[0]?.says).toBe('DEPLOYS is not set, so nothing is sent')
  config('gateway:\n  telegram: { allowed_users: [1] }\n')
  keys(0o600, 'TELEGRAM_BOT_TOKEN=1:x')
  const well = await doctor(root)
  for (const what of ['.env', 'telegram']) expect(well(what), what).toMatchObject([{ level: 'ok' }])
  config('gateway: [\n')
  expect((await doctor(root))('gateway')).toMatchObject([{ level: 'warning' }])
})

test('a library that a chat needs and that is not installed is named with the way to install it', async () => {
  const root = newRoot()
  writeFileSync(join(root, 'config.yaml'), 'gateway:\n  telegram: { allowed_users: [1] }\n')
  const facts = environment({ HERMES_KANBAN_HOME: root, TELEGRAM_BOT_TOKEN: '1:x' })
  expect(await checkGateway(facts, () => false)).toEqual([
    {
      about: 'telegram',
      level: 'warning',
      says: 'its library grammy is not installed',
      next: 'npm install -g hermes-kanban --include=optional',
    },
  ])
})

test('a gateway of the other edition on the same home is named', async () => {
  const root = newRoot()
  const script = join(root, 'hermes')
  writeFileSync(script, 'echo here; read line\n')
  const other = spawn('/bin/sh', [script, 'gateway'], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void other.kill())
  await once(other.stdout, 'data')
  const gateway = (keys: string) => {
    writeFileSync(join(root, 'gateway.pid'), String(other.pid))
    writeFileSync(join(root, 'config.yaml'), keys)
    return doctor(root)
  }
  const both = (await gateway(''))('hermes-agent')
  expect(both).toMatchObject([{ level: 'warning', says: expect.stringContaining('too; later') }])
  expect(both[0]?.next).toContain('dispatches this home: stop it')
  const open = (await gateway('kanban: { dispatch_in_gateway: false }\n'))('hermes-agent')
  expect(open[0]?.next).toBe('stop one of the two; one after the other is safe')
})

test('a recurring task without its board is pointed at', async () => {
  const root = newRoot()
  const entry = (name: string, board: string) => `{ name: ${name}, board: ${board}, ${daily} }`
  const daily = `cron: '@daily', title: x`
  const entries = [entry('here', 'default'), entry('lost', 'ops')].join(', ')
  writeFileSync(join(root, 'config.yaml'), `kanban: { recurring: [${entries}] }\n`)
  const about = await doctor(root)
  expect(about('recurring here')).toEqual([])
  expect(about('recurring lost')).toMatchObject([
    { level: 'warning', next: 'hermes kanban boards create ops' },
  ])
})

test('a database that was pinned and is nowhere is broken', async () => {
  const about = await doctor(newRoot(), { env: { HERMES_KANBAN_DB: '/no/such/folder/kanban.db' } })
  expect(about('boards')).toMatchObject([{ level: 'broken' }])
})

test('a home that others can read is pointed at', async () => {
  const home = await newHome()
  chmodSync(join(home.root, 'kanban.db'), 0o644)
  const found = (mode: number) => {
    chmodSync(home.root, mode)
    return checkHome(home.root)
  }
  expect(found(0o755)).toMatchObject([
    { level: 'warning', next: `chmod go= ${join(home.root, 'kanban.db')}` },
  ])
  expect(found(0o710)).toMatchObject([{ level: 'warning' }])
  expect(found(0o700)).toMatchObject([{ level: 'ok' }])
})

test('a person reads a line for each, and the next step below it', async () => {
  const root = newRoot()
  writeFileSync(join(root, 'file'), '')
  const said = await hermes(join(root, 'file'), ['doctor'])
  expect(said).toMatchObject({ code: 1, err: '' })
  expect(said.out).toMatch(/^broken {2}home .* is no folder\n {9}→ set HERMES_KANBAN_HOME/m)
  expect(await hermes(root, ['doctor', '--jsno'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('did you mean --json?'),
  })
})
