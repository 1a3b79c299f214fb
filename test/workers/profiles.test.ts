import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkProfile, type Surroundings } from '../../src/workers/check-profile.ts'
import { profileBook } from '../../src/workers/profile-book.ts'
import { listProfiles } from '../../src/workers/profile-paths.ts'
import { loadProfile, readProfile } from '../../src/workers/profiles.ts'
import { builtIn } from '../../src/workers/runtimes.ts'
import { temporaryFolder } from '../lib/folder.ts'

const variables = { PATH: '/usr/local/bin:/usr/bin:/bin' }

function rootWith(profiles: Record<string, string>): string {
  const root = temporaryFolder()
  for (const [name, text] of Object.entries(profiles)) {
    const folder = name === 'default' ? root : join(root, 'profiles', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'config.yaml'), text)
  }
  return root
}

const names = builtIn.map(({ name }) => name).join(', ')

function around(root: string): Surroundings {
  return { root, variables, runtimes: builtIn, models: { providers: {}, models: {} } }
}

const works = 'kanban: { runtime: command, command: [sh, -c, "exit 0"] }\n'

test('profiles are folders with a proper name, the root is default', () => {
  const root = rootWith({ writer: works, analyst: works, _archived: works, 'Not One': works })
  writeFileSync(join(root, 'profiles', 'file'), '')
  symlinkSync(join(root, 'profiles', 'writer'), join(root, 'profiles', 'alias'))
  symlinkSync('/nowhere', join(root, 'profiles', 'dangling'))
  expect(listProfiles(root)).toEqual(['default', 'alias', 'analyst', 'writer'])
  expect(listProfiles('/nowhere')).toEqual(['default'])
})

test('a profile has what its file says, and defaults', async () => {
  const root = rootWith({
    writer: `
model: { foreign: key }
kanban:
  description: Writes
  command: node work.mjs
  env: { PORT: 8080, DEBUG: true, TOKEN: "\${TOKEN}" }
  permissions: deny
  max_concurrent: 2
  max_runtime: 2h
`,
  })
  expect(await loadProfile(root, 'writer')).toEqual({
    name: 'writer',
    folder: join(root, 'profiles', 'writer'),
    description: 'Writes',
    runtime: null,
    model: null,
    command: 'node work.mjs',
    args: [],
    env: { PORT: '8080', DEBUG: 'true', TOKEN: `\${TOKEN}` },
    skills: [],
    toolsets: null,
    folders: [],
    mcp_servers: {},
    max_steps: 200,
    permissions: 'deny',
    max_concurrent: 2,
    max_runtime: 7200,
    account: null,
  })
})

test('the default profile is configured by the file of the root', async () => {
  const root = rootWith({ default: 'kanban: { max_workers: 3, command: [sh], max_runtime: 1h }\n' })
  expect(await loadProfile(root, 'default')).toMatchObject({ folder: root, command: ['sh'] })
})

test('a profile that is not there is named with those that are', async () => {
  const root = rootWith({ writer: works })
  await expect(loadProfile(root, 'wirter')).rejects.toMatchObject({
    code: 'not_found',
    message: 'there is no profile "wirter" here, only default, writer; did you mean writer?',
  })
  await expect(loadProfile(root, '../../etc')).rejects.toMatchObject({ code: 'not_found' })
})

test('a wrong profile is refused by file, key and what is allowed, without a value', async () => {
  const root = rootWith({
    writer:
      'kanban: { command: [], permissions: ask, max_concurrent: 0, env: { "A B": hunter2, C: [hunter2] }, args: x }\n',
  })
  const refusal = await loadProfile(root, 'writer').catch((error: unknown) => error)
  expect(refusal).toMatchObject({
    code: 'config',
    details: {
      file: join(root, 'profiles', 'writer', 'config.yaml'),
      faults: [
        'kanban.command must be a command: a script for a shell, or a list of words',
        'kanban.args must be a list',
        'kanban.env.A B must be a name of letters, digits and _',
        'kanban.env.C must be text',
        'kanban.permissions must be one of allow, deny',
        'kanban.max_concurrent must be a whole number, 1 or more',
      ],
    },
  })
  expect(String(refusal)).not.toContain('hunter2')
})

test.each([
  [works, null],
  ['kanban: { command: exit 0 }\n', null],
  ['kanban: { command: [./in-the-workspace] }\n', null],
  ['', `kanban.runtime of p is not set: set it to one of ${names}`],
  [
    'kanban: { runtime: cdoex }\n',
    `kanban.runtime of p is cdoex, which is none: set it to one of ${names}; did you mean codex?`,
  ],
  [
    'kanban: { runtime: command }\n',
    'kanban.command of p is not set, and the runtime command needs it',
  ],
  [
    'kanban: { command: [no-such-program-here] }\n',
    'its command no-such-program-here is not on the PATH',
  ],
  ['kanban: { command: [/etc/passwd] }\n', 'its command /etc/passwd is missing or not executable'],
  [
    'kanban: { command: exec /no/such/program --fast }\n',
    'its command /no/such/program is missing or not executable',
  ],
  ['kanban: { command: "/bin/sh -c true" }\n', null],
  ['kanban: { command: "/no/such$x; true" }\n', null],
  ['kanban: { command: nobody-knows-what-this-is }\n', null],
  ['kanban: { command: [sh], env: { PATH: /nowhere } }\n', 'its command sh is not on the PATH'],
])('%j is held for the right reason', async (text, fault) => {
  const root = rootWith({ p: text })
  expect(checkProfile(await loadProfile(root, 'p'), around(root))).toBe(fault)
})

test('servers that a toolset leaves out are said to come to nothing', async () => {
  const servers = 'mcp_servers: { tickets: { command: node } }'
  const root = rootWith({
    a: `kanban: { toolsets: [board], ${servers} }\n`,
    b: `kanban: { toolsets: [board, mcp], ${servers} }\n`,
    c: `kanban: { ${servers} }\n`,
  })
  expect((await readProfile(root, 'a')).warnings).toEqual([
    'kanban.mcp_servers of a has tickets, which the built-in agent is not given: kanban.toolsets leaves out mcp',
  ])
  expect((await readProfile(root, 'b')).warnings).toEqual([])
  expect((await readProfile(root, 'c')).warnings).toEqual([])
})

test('a variable that we do not have holds the profile', async () => {
  const root = rootWith({ p: `kanban: { command: [sh], env: { KEY: "\${NO_SUCH_KEY}" } }\n` })
  const profile = await loadProfile(root, 'p')
  const without = around(root)
  expect(checkProfile(profile, without)).toContain('takes NO_SUCH_KEY from our environment')
  const having = { ...variables, NO_SUCH_KEY: 'k' }
  expect(checkProfile(profile, { ...without, variables: having })).toBeNull()
})

test('a profile whose file cannot be followed holds itself alone', async () => {
  const root = temporaryFolder()
  for (const name of ['well', 'ill']) mkdirSync(join(root, 'profiles', name), { recursive: true })
  writeFileSync(join(root, 'profiles', 'well', 'config.yaml'), 'kanban: { command: "true" }\n')
  symlinkSync('config.yaml', join(root, 'profiles', 'ill', 'config.yaml'))
  symlinkSync('loop', join(root, 'profiles', 'loop'))
  const entries = await profileBook(root, { PATH: '/usr/bin:/bin' }).entries()
  expect([...entries.keys()]).toEqual(['default', 'ill', 'well'])
  expect(entries.get('ill')?.fault).toContain('ELOOP')
  expect(entries.get('well')?.fault).toBeNull()
})

test('a book sees each change of a profile, and reads nothing that has not changed', async () => {
  const root = rootWith({ writer: works, broken: 'kanban: { permissions: 1 }\n' })
  const book = profileBook(root, variables)
  const before = await book.entries()
  expect([...before.keys()]).toEqual(['default', 'broken', 'writer'])
  expect(before.get('writer')?.fault).toBeNull()
  expect(before.get('broken')).toMatchObject({ profile: undefined })
  expect(before.get('broken')?.fault).toContain('permissions must be one of')

  writeFileSync(join(root, 'profiles', 'broken', 'config.yaml'), works)
  mkdirSync(join(root, 'profiles', 'new'))
  const after = await book.entries()
  expect(after.get('broken')?.fault).toBeNull()
  expect(after.get('new')?.fault).toContain('kanban.runtime of new is not set')
  expect(after.get('writer')?.profile).toBe(before.get('writer')?.profile)
})
