import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exportProfile } from '../../src/workers/export-profile.ts'
import { findPortable } from '../../src/workers/find-portable.ts'
import { parsePortable, portableText } from '../../src/workers/portable-profile.ts'
import { makeProfile } from '../../src/workers/profile-files.ts'
import { loadProfile } from '../../src/workers/profiles.ts'
import { skillNames } from '../../src/workers/skills.ts'
import { templateNames } from '../../src/workers/templates.ts'
import { temporaryFolder } from '../lib/folder.ts'

const skill = '---\ndescription: how to translate\n---\nTranslate.\n'

async function newHome(): Promise<string> {
  const root = temporaryFolder()
  await makeProfile(root, {
    name: 'translator',
    instructions: 'You translate.',
    settings: {
      description: 'Translates',
      command: 'node work.mjs',
      max_runtime: '2h',
      skills: ['translation'],
      env: {
        MODE: 'fast',
        API_KEY: 'hunter2',
        OTHER_KEY: `\${OTHER_KEY}`,
        AUTHORIZATION: `Bearer \${TOKEN}`,
        HALF_TOKEN: `a-literal-that-is-long-\${TOKEN}`,
        PLAIN: 'sk-ant-0123456789abcdef0123',
        DATABASE: 'postgres://me:hunter2@host/db',
        PORT: 8080,
      },
    },
    skills: { translation: skill },
  })
  return root
}

test('an export has what makes the profile, and no secret', async () => {
  const { profile, notes } = await exportProfile(await newHome(), 'translator')
  expect(profile).toEqual({
    name: 'translator',
    instructions: 'You translate.',
    settings: {
      description: 'Translates',
      command: 'node work.mjs',
      max_runtime: '2h',
      skills: ['translation'],
      env: {
        MODE: 'fast',
        OTHER_KEY: `\${OTHER_KEY}`,
        AUTHORIZATION: `Bearer \${TOKEN}`,
        PORT: 8080,
      },
    },
    skills: { translation: skill },
  })
  const text = await portableText(profile, notes)
  for (const secret of ['API_KEY', 'HALF_TOKEN', 'PLAIN', 'DATABASE']) {
    expect(text).toContain(`# left out kanban.env.${secret},`)
  }
  expect(text).not.toMatch(/hunter2|sk-ant|a-literal/)
})

test('a secret among the arguments is pointed at', async () => {
  const root = temporaryFolder()
  await makeProfile(root, {
    name: 'w',
    instructions: '',
    skills: {},
    settings: { command: ['x'], args: ['--key', 'ghp_0123456789abcdef0123'] },
  })
  const { notes } = await exportProfile(root, 'w')
  expect(notes).toEqual([expect.stringMatching(/^kanban\.args looks as if a secret were in it/)])
})

test('an export has no secret of an MCP server', async () => {
  const root = temporaryFolder()
  writeFileSync(
    join(root, 'config.yaml'),
    `kanban:
  mcp_servers:
    box: {command: x, env: {BOX_KEY: abc, COLOUR: blue}}
    web: {url: "http://h/mcp", headers: {Authorization: "Bearer abc", X-Auth: "\${TOKEN}"}}
`,
  )
  const { profile, notes } = await exportProfile(root, 'default')
  expect(profile.settings.mcp_servers).toEqual({
    box: { command: 'x', env: { COLOUR: 'blue' } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the environment
    web: { url: 'http://h/mcp', headers: { 'X-Auth': '${TOKEN}' } },
  })
  expect(notes).toEqual([
    expect.stringContaining('left out kanban.mcp_servers.box.env.BOX_KEY'),
    expect.stringContaining('left out kanban.mcp_servers.web.headers.Authorization'),
  ])
})

test('what is exported is installed as it was', async () => {
  const root = await newHome()
  const { profile, notes } = await exportProfile(root, 'translator')
  const file = join(root, 'translator.yaml')
  writeFileSync(file, await portableText(profile, notes))
  const found = await findPortable(file)
  expect(found).toEqual({
    profile: { ...profile, instructions: 'You translate.\n' },
    warnings: [],
    from: file,
  })
  const there = temporaryFolder()
  await makeProfile(there, found.profile)
  expect(await loadProfile(there, 'translator')).toMatchObject({
    description: 'Translates',
    max_runtime: 7200,
  })
  expect(skillNames(there, 'translator')).toContain('translation')
})

test('a folder is taken as a profile, what is not ours left in it', async () => {
  const folder = join(temporaryFolder(), 'Helper')
  mkdirSync(join(folder, 'skills', 'tone'), { recursive: true })
  writeFileSync(
    join(folder, 'config.yaml'),
    'secrets: { key: k }\nkanban: { command: x, odd: 1 }\n',
  )
  writeFileSync(join(folder, 'SOUL.md'), 'You help.\n')
  writeFileSync(join(folder, 'skills', 'tone', 'SKILL.md'), skill)
  expect((await findPortable(folder)).profile).toEqual({
    name: 'helper',
    instructions: 'You help.',
    settings: { command: 'x' },
    skills: { tone: skill },
  })
})

test.each([
  ['name: x\nkanban: { permissions: ask }', 'kanban.permissions must be one of allow, deny'],
  ['kanban: {}', 'name is missing'],
  ['name: Not One', 'name must be a name of a-z'],
  [
    'name: x\ncommand: rm',
    'command is no part of a profile: use name, instructions, kanban, skills',
  ],
  ['name: x\nskills: { ../../etc: t }', 'skills'],
  ['name: x\nskills: [t]', 'skills must be a table of skills'],
  ['name: x\ninstructions: [a]', 'instructions must be text'],
  ['name: [', 'f.yaml: '],
  ['just text', 'must be a table'],
  [`name: x\n# ${'x'.repeat(1024 * 1024)}`, 'longer than'],
])('%.30s… is refused by file, key and what is allowed', async (source, why) => {
  const refusal = await parsePortable(source, 'f.yaml').catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'config' })
  expect(String(refusal)).toContain('f.yaml')
  expect(String(refusal)).toContain(why)
  expect(String(refusal)).not.toContain('\n')
})

test('a setting that nobody knows is a warning, and left out', async () => {
  const { profile, warnings } = await parsePortable('name: x\nkanban: { modle: m }\n', 'f.yaml')
  expect(profile.settings).toEqual({})
  expect(warnings).toEqual([expect.stringMatching(/kanban\.modle .* did you mean model\?$/)])
})

test('what is nowhere is refused with the templates that there are', async () => {
  await expect(findPortable('reseacher')).rejects.toMatchObject({
    code: 'not_found',
    message: expect.stringMatching(/templates are analyst, .* did you mean researcher\?$/),
  })
})

test('nine templates make a fleet', async () => {
  expect(templateNames()).toEqual([
    'analyst',
    'backend-eng',
    'frontend-eng',
    'ops',
    'orchestrator',
    'pm',
    'researcher',
    'reviewer',
    'writer',
  ])
})

test.each(templateNames())(
  'the template %s is complete, and asks for no skill that is not there',
  async (name) => {
    const root = temporaryFolder()
    const { profile, warnings } = await findPortable(name)
    expect(warnings).toEqual([])
    expect(profile.name).toBe(name)
    expect(profile.instructions.length).toBeGreaterThan(300)
    await makeProfile(root, profile)
    const made = await loadProfile(root, name)
    expect(made.description.length).toBeGreaterThan(30)
    expect(made.description.length).toBeLessThan(120)
    const everybody = ['board', 'delegate', 'memory', 'mcp']
    if (name === 'orchestrator') {
      expect(made).toMatchObject({ toolsets: ['board'], permissions: 'deny' })
    } else {
      expect(made.toolsets).toEqual(expect.arrayContaining(everybody))
    }
    expect(made.max_concurrent).toBeGreaterThan(0)
    expect(made.max_runtime).toBeGreaterThan(0)
    expect(made.runtime ?? made.command).toBeNull()
    const known = skillNames(root, name)
    expect(made.skills.filter((one) => !known.includes(one))).toEqual([])
  },
)
