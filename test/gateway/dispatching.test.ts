/** What a monitor and a morning reader learn from a gateway: the exit code of status, and the log. */

import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { environment, readConfig } from '../../src/config.ts'
import { dispatcherAlive } from '../../src/dispatcher/holder.ts'
import { dispatch } from '../../src/gateway/dispatch.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silent } from '../../src/lib/log.ts'
import { hermes, newHome, newRoot, type Said } from '../operations/home.ts'

// Each word to a gateway is the start of a program.
vi.setConfig({ testTimeout: 120_000 })

function newGateway(config: string, root = newRoot()) {
  writeFileSync(join(root, 'config.yaml'), config)
  const run = (...words: string[]): Promise<Said> => hermes(root, words)
  onTestFinished(async () => void (await run('gateway', 'stop')))
  const status = async () => {
    const { code, out } = await run('gateway', 'status', '--json')
    return { code, ...JSON.parse(out) }
  }
  const log = () => readFileSync(join(root, 'kanban', 'run', 'gateway.log'), 'utf8')
  return { root, run, status, log }
}

const quick = 'kanban:\n  dispatch_interval_seconds: 0.2\n'

const until = (claim: () => Promise<void>): Promise<void> =>
  vi.waitFor(claim, { timeout: 60_000, interval: 100 })

test('while every pass fails, status warns with the reason and exits 3', async () => {
  const { root, run, status } = newGateway(quick)
  const lock = join(root, 'kanban', 'run', 'tick.lock')
  mkdirSync(lock, { recursive: true })
  mkdirSync(join(root, 'profiles', 'any'), { recursive: true })
  writeFileSync(join(root, 'profiles', 'any', 'config.yaml'), "kanban:\n  command: ['true']\n")
  await run('gateway', 'start')
  await until(async () =>
    expect(await status()).toMatchObject({
      code: 3,
      running: true,
      dispatching: false,
      other_dispatcher: null,
      warnings: [expect.stringMatching(/^the last pass failed: ./)],
    }),
  )
  const { id } = JSON.parse((await run('kanban', 'create', 'x', '--assignee', 'any', '--json')).out)
  expect((await run('kanban', 'why', id)).out).toMatch(
    /: it could start, but the dispatcher is in trouble: the last pass failed: .*\n→ hermes gateway status\n/,
  )
  expect((await run('doctor')).out).toMatch(/^warning +dispatcher +runs: .*the last pass failed/m)
  rmSync(lock, { recursive: true })
  await until(async () =>
    expect(await status()).toMatchObject({ code: 0, dispatching: true, warnings: [] }),
  )
})

test('status exits 3 where no board can be used, and 0 with a warning where one of several cannot', async () => {
  const { root, run, status, log } = newGateway(quick)
  writeFileSync(join(root, 'kanban.db'), 'this is no board'.repeat(1000))
  await run('gateway', 'start')
  await until(async () => {
    const found = await status()
    expect(found).toMatchObject({ code: 3, dispatching: false, other_dispatcher: null })
    expect(found.parts.dispatcher.warning).toMatch(/^no board can be dispatched: .*kanban\.db/)
    expect(found.warnings).toEqual([found.parts.dispatcher.warning])
  })
  expect((await run('kanban', 'boards', 'create', 'side')).code).toBe(0)
  await until(async () =>
    expect(await status()).toMatchObject({
      code: 0,
      dispatching: true,
      warnings: [expect.stringContaining('kanban.db')],
    }),
  )
  expect(log().match(/ error /g)).toHaveLength(1)
})

test('what a dispatcher could not write down about itself is written when it can be', async () => {
  const root = newRoot()
  writeFileSync(join(root, 'config.yaml'), quick)
  const file = join(root, 'kanban', 'run', 'dispatcher.json')
  const stop = new AbortController()
  const warnings: string[] = []
  const over = dispatch({
    environment: environment({ HERMES_KANBAN_HOME: root }),
    clock: systemClock,
    log: silent,
    pid: 7,
    program: [],
    config: async () => (await readConfig(root)).config,
    signal: stop.signal,
    onState: ({ warning }) => void (warning && warnings.push(warning)),
  })
  await until(async () => expect((await dispatcherAlive(root)).holder?.pid).toBe(7))
  rmSync(file)
  mkdirSync(file)
  const broken = join(root, 'kanban', 'boards', 'broken')
  mkdirSync(broken, { recursive: true })
  writeFileSync(join(broken, 'kanban.db'), 'this is no board'.repeat(1000))
  await until(async () => expect(warnings.length).toBeGreaterThan(1))
  rmdirSync(file)
  await until(async () => expect((await dispatcherAlive(root)).holder?.pid).toBe(7))
  stop.abort()
  await over
})

test('the log tells how each run ends, on one line that a terminal does not obey', async () => {
  const { root, create } = await newHome()
  const { run, log } = newGateway(`${quick}  retry_delay_seconds: 300\n`, root)
  const scripts = {
    good: 'hermes kanban complete "$HERMES_KANBAN_TASK" --summary "$(printf \'a\\nb \\033[2J\')"',
    asks: 'hermes kanban block "$HERMES_KANBAN_TASK" "which one?"',
    broken: 'echo no such file; exit 4',
    limited: 'exit 75',
    mute: 'exit 0',
  }
  const ids: Record<string, string> = {}
  for (const [name, script] of Object.entries(scripts)) {
    mkdirSync(join(root, 'profiles', name), { recursive: true })
    const command = JSON.stringify(['sh', '-c', script])
    writeFileSync(join(root, 'profiles', name, 'config.yaml'), `kanban:\n  command: ${command}\n`)
    ids[name] = await create(name, '--assignee', name)
  }
  await run('gateway', 'start')
  const stamp = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ'
  const line = (name: string, level: string, says: string) =>
    new RegExp(`${stamp} ${level} run \\d+ of ${ids[name]} ${says}`, 'm')
  await until(async () => {
    expect(log()).toMatch(line('good', 'info', 'completed profile=good reason="a b .*2J"$'))
    expect(log()).toMatch(line('asks', 'info', 'blocked profile=asks reason="which one\\?"$'))
    expect(log()).toMatch(
      line('broken', 'warn', 'crashed and is tried again profile=broken reason=".*no such file'),
    )
    expect(log()).toMatch(line('limited', 'warn', 'is rate limited until \\d{4}-\\S+Z profile='))
    expect(log()).toMatch(line('mute', 'error', 'gave up profile=mute reason="ended without'))
  })
  expect(log()).not.toContain('\x1b')
  expect(log().match(/ run \d+ of t_\w+ (?!.*runner=)/g)).toHaveLength(5)
})
