import { expect, test } from 'vitest'
import { profileSettings } from '../../src/config/profile.ts'
import { environment, type Variables } from '../../src/config.ts'
import { type WorkerOf, workerEnvironment } from '../../src/workers/environment.ts'

interface Given {
  readonly env?: Record<string, string>
  readonly variables?: Variables
  readonly database?: string
  readonly tenant?: string
  readonly runtime?: WorkerOf['runtime']
}

const none = { keys: [], flags: [], env: {} }

function built({
  env = {},
  variables = {},
  database = '/h/kanban.db',
  tenant,
  runtime = none,
}: Given) {
  return workerEnvironment({
    root: '/h',
    variables,
    profile: { ...profileSettings.parse({ env }), name: 'writer', folder: '/h/profiles/writer' },
    runtime,
    bin: '/h/kanban/run/bin',
    board: { slug: 'default', database, workspaces: '/h/kanban/workspaces' },
    task: { id: 't_1a2b3c4d', tenant: tenant ?? null, branch: null },
    run: { id: 7, lock: 'host:1:secret', workspace: '/h/kanban/workspaces/t_1a2b3c4d' },
    socket: '/h/kanban/run/s',
    report: null,
  })
}

test('a worker knows its run and nothing of ours', () => {
  const secrets = {
    AWS_SECRET_ACCESS_KEY: 'x',
    TELEGRAM_BOT_TOKEN: 'x',
    LD_PRELOAD: 'x',
    NODE_OPTIONS: 'x',
    GIT_DIR: 'x',
    HERMES_KANBAN_TASK: 't_ffffffff',
    HERMES_KANBAN_BRANCH: 'of another',
    HERMES_TENANT: 'of another',
    LC_: 'x',
    HTTPS_PROXY_PASSWORD: 'x',
  }
  expect(built({ variables: secrets })).toEqual({
    PATH: '/h/kanban/run/bin:/usr/local/bin:/usr/bin:/bin',
    HERMES_HOME: '/h/profiles/writer',
    HERMES_KANBAN_HOME: '/h',
    HERMES_PROFILE: 'writer',
    HERMES_KANBAN_TASK: 't_1a2b3c4d',
    HERMES_KANBAN_WORKSPACE: '/h/kanban/workspaces/t_1a2b3c4d',
    HERMES_KANBAN_DB: '/h/kanban.db',
    HERMES_KANBAN_BOARD: 'default',
    HERMES_KANBAN_WORKSPACES_ROOT: '/h/kanban/workspaces',
    HERMES_KANBAN_RUN_ID: '7',
    HERMES_KANBAN_CLAIM_LOCK: 'host:1:secret',
    HERMES_KANBAN_SOCKET: '/h/kanban/run/s',
  })
})

test('home, language, network and certificates are passed on', () => {
  const variables = {
    HOME: '/home of/x',
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'C',
    TZ: 'UTC',
    TMPDIR: '/t',
    https_proxy: 'http://p',
    NO_PROXY: '*',
    NODE_EXTRA_CA_CERTS: '/ca',
    XDG_CONFIG_HOME: '/c',
    SSH_AUTH_SOCK: '/s',
    USER: 'x',
  }
  expect(built({ variables })).toMatchObject(variables)
})

test('a profile adds its own, literal or taken from ours, but never poses as another run', () => {
  const env = built({
    env: {
      KEY: `Bearer \${SECRET}-\${SECRET}`,
      PLAIN: '$HOME costs $5 {x}',
      PATH: '/opt/tools',
      HERMES_KANBAN_TASK: 't_ffffffff',
    },
    variables: { SECRET: 's$1', PATH: '/usr/bin' },
    tenant: 'acme',
  })
  expect(env).toMatchObject({
    KEY: 'Bearer s$1-s$1',
    PLAIN: '$HOME costs $5 {x}',
    PATH: '/h/kanban/run/bin:/opt/tools',
    HERMES_KANBAN_TASK: 't_1a2b3c4d',
    HERMES_TENANT: 'acme',
  })
  expect(env).not.toHaveProperty('SECRET')
})

test('variables that we do not have are named, all of them, and no value', () => {
  const build = () =>
    built({ env: { A: `\${ONE} \${TWO}`, B: `\${GIVEN}` }, variables: { GIVEN: 'secret' } })
  expect(build).toThrow('kanban.env of writer takes ONE, TWO from our environment')
  expect(build).not.toThrow('secret')
})

test('a worker never sees the URL of a database', () => {
  expect(built({ database: 'postgres://u:p@h/db' })).not.toHaveProperty('HERMES_KANBAN_DB')
  expect(JSON.stringify(built({ database: 'postgres://u:p@h/db' }))).not.toContain('u:p@h')
})

test('a worker finds the root that it was started from', () => {
  const { root, worker } = environment(built({}))
  expect(root).toBe('/h')
  expect(worker).toMatchObject({ task: 't_1a2b3c4d', runId: 7, lock: 'host:1:secret' })
})
