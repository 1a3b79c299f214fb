import { mkdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dropWorkerVariables, environment, readConfig, workerVariables } from '../src/config.ts'
import { BoardError } from '../src/model/error.ts'
import { temporaryFolder } from './lib/folder.ts'

const HOME = '/home of/someone'

test.each([
  [{}, `${HOME}/.hermes`],
  [{ HERMES_HOME: '' }, `${HOME}/.hermes`],
  [{ HERMES_HOME: `${HOME}/.hermes` }, `${HOME}/.hermes`],
  [{ HERMES_HOME: `${HOME}/.hermes/profiles/writer` }, `${HOME}/.hermes`],
  [{ HERMES_HOME: '~/.hermes/anything/at/all' }, `${HOME}/.hermes`],
  [{ HERMES_HOME: `${HOME}/.hermes-work` }, `${HOME}/.hermes-work`],
  [{ HERMES_HOME: '/srv/team/profiles/writer' }, '/srv/team'],
  [{ HERMES_HOME: '/srv/team/profiles/writer/' }, '/srv/team'],
  [{ HERMES_HOME: '/srv/team' }, '/srv/team'],
  [{ HERMES_HOME: '/srv/profiles' }, '/srv/profiles'],
  [{ HERMES_KANBAN_HOME: '~/boards', HERMES_HOME: '/srv/team' }, `${HOME}/boards`],
])('%j has the root %s', (env, root) => {
  expect(environment({ HOME, ...env }).root).toBe(root)
})

test('a person without any variables has plain defaults', () => {
  const variables = {}
  expect(environment(variables)).toEqual({
    root: join(homedir(), '.hermes'),
    home: homedir(),
    pins: { database: undefined, board: undefined, workspacesRoot: undefined },
    profile: undefined,
    worker: undefined,
    claimTtl: undefined,
    dispatchInGateway: true,
    debug: false,
    noColor: false,
    variables,
  })
})

test('pins are paths, or a URL as it is', () => {
  const pins = (database: string) =>
    environment({ HOME, HERMES_KANBAN_DB: database, HERMES_KANBAN_WORKSPACES_ROOT: '~/w' }).pins
  expect(pins('~/x.db')).toMatchObject({ database: `${HOME}/x.db`, workspacesRoot: `${HOME}/w` })
  expect(pins('postgres://u@h/db?x=~/1').database).toBe('postgres://u@h/db?x=~/1')
})

test('a worker knows its run', () => {
  const { worker, profile } = environment({
    HERMES_KANBAN_TASK: 't_1a2b3c4d',
    HERMES_KANBAN_RUN_ID: '12',
    HERMES_KANBAN_CLAIM_LOCK: 'host:1:secret',
    HERMES_PROFILE: 'Writer',
  })
  expect(worker).toMatchObject({ task: 't_1a2b3c4d', runId: 12, lock: 'host:1:secret' })
  expect(profile).toBe('writer')
})

test.each(['0', 'false', 'No', ' off '])('a gateway told %j does not dispatch', (value) => {
  const { dispatchInGateway } = environment({ HERMES_KANBAN_DISPATCH_IN_GATEWAY: value })
  expect(dispatchInGateway).toBe(false)
})

test.each(['abc', '-1', '0', '1.5'])('a claim cannot last %j seconds', (value) => {
  expect(() => environment({ HERMES_KANBAN_CLAIM_TTL_SECONDS: value })).toThrow(
    'HERMES_KANBAN_CLAIM_TTL_SECONDS must be a whole number',
  )
})

const pins = ['HERMES_KANBAN_DB', 'HERMES_KANBAN_BOARD', 'HERMES_KANBAN_WORKSPACES_ROOT']

test('a program that starts workers is no worker itself, and not kept to the board of one', () => {
  const env = Object.fromEntries([...workerVariables, ...pins, 'PATH'].map((name) => [name, 'x']))
  dropWorkerVariables(env)
  expect(env).toEqual({ PATH: 'x' })
})

test('what a person has pinned stays pinned', () => {
  const env = Object.fromEntries(pins.map((name) => [name, 'x']))
  dropWorkerVariables(env)
  expect(Object.keys(env)).toEqual(pins)
})

async function configOf(text: string) {
  const root = temporaryFolder()
  writeFileSync(join(root, 'config.yaml'), text)
  return readConfig(root)
}

const defaults = {
  max_workers: 8,
  max_workers_per_profile: null,
  default_assignee: null,
  failure_limit: null,
  retry_delay_seconds: 5,
  dispatch_interval_seconds: 60,
  claim_ttl_seconds: 900,
  max_runtime: 43_200,
  dispatcher: 'hermes-kanban',
  max_created_per_run: 100,
  idle_timeout_seconds: 600,
  tool_timeout_seconds: 3600,
  log_max_bytes: 2_097_152,
  log_backups: 1,
  database: null,
  dashboard: false,
  host: null,
  runtimes: {},
  model: null,
  providers: {},
  models: {},
  recurring: [],
}

test('without a file all is default', async () => {
  expect(await readConfig(temporaryFolder())).toEqual({ config: defaults, warnings: [] })
  expect(await readConfig('/nowhere/at all')).toEqual({ config: defaults, warnings: [] })
})

test.each(['', '# nothing\n', 'kanban:\n', 'kanban: {}\n', 'model: x\nmcp: [1]\n', '---\n'])(
  'a file that says nothing to us leaves the defaults: %j',
  async (text) => {
    expect(await configOf(text)).toEqual({ config: defaults, warnings: [] })
  },
)

test('what is set is taken', async () => {
  const { config, warnings } = await configOf(`
kanban:
  max_workers: 2
  max_runtime: 1.5h
  default_assignee: Writer
  dispatcher: none
  runtimes: { mine: { driver: acp, command: [x] } }
  max_workers_per_profile: null
`)
  expect(config).toEqual({
    ...defaults,
    max_workers: 2,
    max_runtime: 5400,
    default_assignee: 'writer',
    dispatcher: 'none',
    runtimes: { mine: expect.objectContaining({ driver: 'acp', command: ['x'] }) },
  })
  expect(warnings).toEqual([])
})

test('to give tasks of nobody to none is to give them to nobody', async () => {
  const { config } = await configOf('kanban: { default_assignee: None }')
  expect(config.default_assignee).toBeNull()
})

test('an unknown key is a warning that names the nearest', async () => {
  const { warnings } = await configOf('kanban: { max_worker: 3, zzz: 1 }\n')
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toMatch(
    /config\.yaml: kanban\.max_worker is no setting .*did you mean max_workers\?$/,
  )
  expect(warnings[1]).toMatch(/kanban\.zzz is no setting and is ignored$/)
})

test('keys of the default profile and of the other edition are known', async () => {
  const { warnings } = await configOf(
    'kanban: { runtime: command, command: [x], env: { A: b }, dispatch_in_gateway: true }\n',
  )
  expect(warnings).toEqual([])
})

test('wrong values are refused, all at once, by file, key and what is allowed', async () => {
  const refusal = await configOf(`
kanban:
  max_workers: eight
  failure_limit: 0
  max_runtime: soon
  dispatcher: hermes
  recurring: { name: x }
  default_assignee: ""
`).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(BoardError)
  const { code, message, details } = refusal as BoardError
  expect(code).toBe('config')
  expect(message).toContain('config.yaml: ')
  expect(details.faults).toEqual([
    'kanban.max_workers must be a whole number, 0 or more',
    'kanban.default_assignee must be one line of text',
    'kanban.failure_limit must be a whole number, 1 or more',
    'kanban.max_runtime must be a duration such as 90, 90s, 30m, 2h or 1d',
    'kanban.dispatcher must be one of hermes-kanban, hermes-agent, none',
    'kanban.recurring must be a list',
  ])
})

test('recurring tasks are when, where, and what a task is made from', async () => {
  const { config } = await configOf(`
kanban:
  recurring:
    - { name: nightly, cron: 0 3 * * *, zone: Europe/Berlin, board: Ops, title: Back up, max_runtime_seconds: 2h }
    - { name: hourly, cron: '@hourly', title: Look, skills: [checks], triage: true }
`)
  const [nightly, hourly] = config.recurring
  expect(nightly).toMatchObject({
    name: 'nightly',
    cron: '0 3 * * *',
    zone: 'Europe/Berlin',
    board: 'ops',
    task: { title: 'Back up', max_runtime_seconds: 7200, priority: 0 },
  })
  expect(hourly).toMatchObject({
    board: 'default',
    zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    task: { skills: ['checks'], triage: true },
  })
})

test('everything that is wrong with recurring tasks is named, and no value', async () => {
  const refusal = await configOf(`
kanban:
  recurring:
    - { name: a, cron: 0 3 * *, zone: Mars/Base, titel: x, idempotency_key: k }
    - { name: b, cron: 0 0 30 2 *, title: secret, board: a/b, max_runtime_seconds: soon }
    - { name: c, cron: '@daily', title: x, workspace_kind: dir }
    - { name: c, cron: '@daily', title: x }
`).catch((error: unknown) => error)
  expect((refusal as BoardError).details.faults).toEqual([
    'kanban.recurring.0.title is missing',
    'kanban.recurring.0.idempotency_key is made of the name and the time: leave it out',
    'kanban.recurring.0.cron must be a cron expression such as 0 9 * * 1-5, or a name such as @daily',
    'kanban.recurring.0.zone must be a time zone such as Europe/Berlin',
    'kanban.recurring.0.titel is no setting of it; did you mean title?',
    'kanban.recurring.1.max_runtime_seconds must be a duration above zero such as 90, 90s, 30m, 2h or 1d',
    'kanban.recurring.1.cron must be a cron expression such as 0 9 * * 1-5, or a name such as @daily',
    'kanban.recurring.1.board must be the name of a board',
    'kanban.recurring.2.workspace_path is missing: dir needs a folder',
  ])
  const twins = configOf(
    `kanban: { recurring: [{ name: c, cron: '@daily', title: x }, { name: c, cron: '@daily', title: y }] }`,
  )
  await expect(twins).rejects.toThrow(
    'kanban.recurring.1.name must differ from the names before it',
  )
})

test.each([
  ['kanban: [1, 2]\n', 'kanban must be a table of settings'],
  ['- a\n', 'must be a table of settings'],
  ['kanban: {a: 1\nb', 'line'],
  ['kanban: 1\nkanban: 2\n', 'unique'],
])('%j is refused with the place', async (text, words) => {
  await expect(configOf(text)).rejects.toThrow(words)
  await expect(configOf(text)).rejects.toMatchObject({ code: 'config' })
})

test('a file that cannot be read is no missing file', async () => {
  const root = temporaryFolder()
  mkdirSync(join(root, 'config.yaml'))
  await expect(readConfig(root)).rejects.toMatchObject({ code: 'environment' })
})
