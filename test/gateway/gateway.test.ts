/** The long-running process, started and asked as a person does it. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { isAlive } from '../../src/lib/process.ts'
import { hermes, newRoot, type Said } from '../operations/home.ts'

// Each word to a gateway is the start of a program.
vi.setConfig({ testTimeout: 120_000 })

function newGateway(config?: string) {
  const root = newRoot()
  if (config !== undefined) writeFileSync(join(root, 'config.yaml'), config)
  const run = (...words: string[]): Promise<Said> => hermes(root, words)
  onTestFinished(async () => void (await run('gateway', 'stop')))
  const status = async () => {
    const { code, out } = await run('gateway', 'status', '--json')
    return { code, ...JSON.parse(out) }
  }
  const log = () => readFileSync(join(root, 'kanban', 'run', 'gateway.log'), 'utf8')
  return { root, run, status, log }
}

test('a gateway is started, asked, restarted and stopped', async () => {
  const { root, run, status, log } = newGateway()
  expect((await run('gateway', 'status')).out).toContain(`No gateway runs for ${root}`)
  const started = await run('gateway', 'start')
  expect(started).toMatchObject({ code: 0, err: '' })
  const first = await status()
  expect(first).toMatchObject({ code: 0, running: true, dispatching: true, boards: 1, workers: 0 })
  expect(started.out).toContain(`process ${first.pid}, log ${join(root, 'kanban/run/gateway.log')}`)
  expect(await run('gateway', 'start')).toMatchObject({
    code: 0,
    out: `The gateway of ${root} runs already: process ${first.pid}\n`,
  })
  expect((await run('gateway', 'restart')).code).toBe(0)
  const second = await status()
  expect(second).toMatchObject({ code: 0, dispatching: true })
  expect(second.pid).not.toBe(first.pid)
  expect((await run('gateway', 'stop')).out).toContain(`is stopped: process ${second.pid}`)
  expect(isAlive(second.pid, null)).toBe(false)
  expect(await run('gateway', 'stop')).toMatchObject({
    code: 0,
    out: `No gateway runs for ${root}\n`,
  })
  expect(await status()).toMatchObject({ code: 3, running: false, pid: null })
  expect(log().match(/dispatching/g)).toHaveLength(2)
})

test('stop ends no process that only has the number of the gateway', async () => {
  const { root, run, status } = newGateway()
  await run('gateway', 'start')
  const { pid } = await status()
  const file = join(root, 'kanban', 'run', 'gateway.json')
  const written = readFileSync(file, 'utf8')
  const bystander = spawn('sleep', ['300'])
  onTestFinished(() => void bystander.kill('SIGKILL'))
  writeFileSync(file, JSON.stringify({ ...JSON.parse(written), pid: bystander.pid }))
  const { code, err } = await run('gateway', 'stop')
  expect(code).toBe(1)
  expect(err).toContain('nothing was ended')
  expect([isAlive(bystander.pid ?? 0, null), isAlive(pid, null)]).toEqual([true, true])
  writeFileSync(file, written)
})

test('a log that has grown long is put aside at the next start', async () => {
  const { root, run } = newGateway()
  await run('gateway', 'start')
  await run('gateway', 'stop')
  const path = join(root, 'kanban', 'run', 'gateway.log')
  truncateSync(path, 6 * 1024 * 1024)
  await run('gateway', 'start')
  expect(statSync(`${path}.1`).size).toBe(6 * 1024 * 1024)
  expect(readFileSync(path, 'utf8')).toContain('dispatching')
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a home that another program dispatches has a gateway without a dispatcher, until that changes', async () => {
  const { root, run, status } = newGateway('kanban:\n  dispatcher: none\n  dispacher: none\n')
  const started = await run('gateway', 'start')
  expect(started.code).toBe(0)
  expect(started.out).toContain('kanban.dispatcher is none in config.yaml')
  const off = await status()
  expect(off).toMatchObject({
    code: 3,
    running: true,
    dispatching: false,
    parts: { dispatcher: { state: 'off' } },
  })
  expect(off.warnings.join()).toContain('kanban.dispacher is no setting')
  expect((await run('gateway', 'status')).out).toContain(
    '  dispatcher  off: kanban.dispatcher is none',
  )
  writeFileSync(join(root, 'config.yaml'), 'kanban:\n  dispatcher: hermes-kanban\n')
  await until(async () => (await status()).dispatching)
  writeFileSync(join(root, 'config.yaml'), 'kanban:\n  dispatcher: hermes-agent\n')
  await until(async () => !(await status()).dispatching)
})

test('HERMES_KANBAN_DISPATCH_IN_GATEWAY keeps the dispatcher out', async () => {
  const { root, status } = newGateway()
  const env = { HERMES_KANBAN_DISPATCH_IN_GATEWAY: '0' }
  const { out } = await hermes(root, ['gateway', 'start'], { env })
  expect(out).toContain('HERMES_KANBAN_DISPATCH_IN_GATEWAY keeps it out of the gateway')
  expect(await status()).toMatchObject({ code: 3, running: true, dispatching: false })
})

test('a configuration that cannot be read is said by start, and mended while it runs', async () => {
  const { root, run, status } = newGateway('kanban:\n  max_workers: many\n')
  const { code, out } = await run('gateway', 'start')
  expect(code).toBe(1)
  expect(out).toContain('kanban.max_workers must be a whole number')
  expect(await status()).toMatchObject({ code: 3, running: true })
  writeFileSync(join(root, 'config.yaml'), 'kanban:\n  max_workers: 3\n')
  await until(async () => (await status()).dispatching)
})

test('while the gateway of the other edition lives, this one does not dispatch', async () => {
  const { root, run, status } = newGateway()
  const other = await stranger(join(root, 'hermes'), 'gateway')
  writeFileSync(join(root, 'gateway.pid'), JSON.stringify({ pid: other.pid }))
  const { out } = await run('gateway', 'start')
  expect(out).toContain(`process ${other.pid}, the gateway of Hermes Agent, dispatches this home`)
  expect((await status()).code).toBe(3)
  expect((await run('kanban', 'daemon', '--force')).code).toBe(1)
  other.kill()
  await until(async () => (await status()).dispatching)
})

test('a gateway of the other edition that leaves dispatching to us is no hindrance', async () => {
  const { root, run } = newGateway('kanban:\n  dispatch_in_gateway: false\n')
  const other = await stranger(join(root, 'hermes'), 'gateway')
  writeFileSync(join(root, 'gateway.pid'), String(other.pid))
  expect((await run('gateway', 'start')).code).toBe(0)
  expect((await run('gateway', 'status')).code).toBe(0)
})

test('a pid file whose number belongs to anybody else is no gateway', async () => {
  const { root, run } = newGateway()
  writeFileSync(join(root, 'gateway.pid'), String(process.pid))
  expect((await run('gateway', 'start')).code).toBe(0)
  expect((await run('gateway', 'status')).code).toBe(0)
})

test('a gateway that a worker starts goes on after it, and looks after all boards', async () => {
  const { root, run, status } = newGateway()
  await run('kanban', 'boards', 'create', 'side')
  mkdirSync(join(root, 'profiles', 'ops'), { recursive: true })
  const script = 'hermes gateway start && hermes kanban complete "$HERMES_KANBAN_TASK" --summary up'
  writeFileSync(
    join(root, 'profiles', 'ops', 'config.yaml'),
    `kanban:\n  command: [sh, -c, ${JSON.stringify(script)}]\n`,
  )
  const { out } = await run('kanban', 'create', 'start it', '--assignee', 'ops', '--json')
  const { id } = JSON.parse(out)
  await run('kanban', 'dispatch')
  await until(async () => {
    const { task, runs } = JSON.parse((await run('kanban', 'show', id, '--json')).out)
    return task.status === 'done' && runs.at(-1).exited_at !== null
  })
  const { pid, ...found } = await status()
  expect(found).toMatchObject({ code: 0, dispatching: true, boards: 2 })
  if (process.platform !== 'linux') return
  const own = readFileSync(`/proc/${pid}/environ`, 'utf8')
  expect(own).not.toMatch(/HERMES_KANBAN_(TASK|CLAIM_LOCK|DB|BOARD)=/)
})

test('a verb that does not exist is answered with the nearest, and every verb has its help', async () => {
  const { run } = newGateway()
  expect(await run('gateway', 'stat')).toMatchObject({
    code: 2,
    err: 'hermes: gateway has no verb "stat": did you mean start?\n',
  })
  expect(await run('gateway', 'stop', 'now')).toMatchObject({ code: 2 })
  const { out } = await run('gateway', '--help')
  for (const verb of ['run', 'start', 'stop', 'restart', 'status', 'install', 'uninstall']) {
    expect(out).toMatch(new RegExp(`^  ${verb} `, 'm'))
  }
  expect((await run('gateway', 'status', '--help')).out).toMatch(
    /^Usage: hermes gateway status \[--json\]/,
  )
  expect(await run('gateway')).toMatchObject({ code: 2, out })
})

test('the old name of the loop shows the way forward, and runs alone when it must', async () => {
  const { root, run } = newGateway()
  expect(await run('kanban', 'daemon')).toMatchObject({
    code: 2,
    err: expect.stringContaining('use hermes gateway start'),
  })
  expect(await run('kanban', 'daemon', '--force', '--max', 'few')).toMatchObject({
    code: 2,
    err: 'hermes: --max must be a whole number, 1 or more, not "few"\n',
  })
  expect((await run('kanban', 'daemon', '--froce')).code).toBe(2)
  const pidfile = join(root, 'daemon.pid')
  const flags = [
    '--interval',
    '5',
    '--max',
    '1',
    '--failure-limit',
    '2',
    '--pidfile',
    pidfile,
    '-v',
  ]
  const daemon = program(root, 'kanban', 'daemon', '--force', ...flags)
  await said(daemon, 'dispatching')
  expect(readFileSync(pidfile, 'utf8')).toBe(`${daemon.pid}\n`)
  const { code, out } = await run('gateway', 'status')
  expect(code).toBe(3)
  expect(out).toContain(`Process ${daemon.pid} dispatches it.`)
  expect(await run('kanban', 'daemon', '--force')).toMatchObject({
    code: 1,
    err: expect.stringContaining(`process ${daemon.pid} dispatches the boards of ${root} already`),
  })
  daemon.kill('SIGTERM')
  expect(await once(daemon, 'exit')).toEqual([0, null])
  expect(() => statSync(pidfile)).toThrow('ENOENT')
})

function program(root: string, ...words: string[]): ChildProcess {
  const env = { HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH }
  const child = spawn(process.execPath, [resolve('src/main.ts'), ...words], { env })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** A program of that name that does nothing; `words` stand after it. */
async function stranger(name: string, ...words: string[]): Promise<ChildProcess> {
  writeFileSync(name, '#!/bin/sh\necho up\nread _\n', { mode: 0o755 })
  const child = spawn(name, words, { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

/** Resolves when the program has said that on stderr. */
function said(child: ChildProcess, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stderr?.on('data', (part) => {
      text += part
      if (text.includes(what)) resolve()
    })
    child.once('exit', () => reject(new Error(text)))
  })
}

/** Each look is the start of a program, which is pause enough. */
async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look()));
}
