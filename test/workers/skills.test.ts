import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadProfile } from '../../src/workers/profiles.ts'
import { skillNames, skillsOfRun } from '../../src/workers/skills.ts'
import { temporaryFolder } from '../lib/folder.ts'

const front = (description: string) => `---\nname: x\ndescription: ${description}\n---\n`

function put(root: string, path: string, text: string): void {
  const folder = join(root, path)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'SKILL.md'), text)
}

function newRoot(config = ''): string {
  const root = temporaryFolder()
  mkdirSync(join(root, 'profiles', 'writer'), { recursive: true })
  writeFileSync(join(root, 'profiles', 'writer', 'config.yaml'), config)
  return root
}

const load = async (root: string, ...ofTask: string[]) =>
  skillsOfRun(root, await loadProfile(root, 'writer'), ofTask)

test('skills are found in the profile, in the home and in the package, the nearest first', async () => {
  const root = newRoot()
  put(root, 'skills/house-style', `${front('of the home')}home`)
  put(root, 'skills/writing/tone', `${front('sorted by subject')}tone`)
  put(root, 'profiles/writer/skills/house-style', `${front('of the profile')}own`)
  put(root, 'profiles/other/skills/secret', `${front('of another')}other`)
  mkdirSync(join(root, 'skills', 'empty'))
  expect(skillNames(root, 'writer')).toEqual([
    'house-style',
    'kanban-orchestrator',
    'kanban-worker',
    'tone',
  ])
  const [, style] = await load(root, 'house-style')
  expect(style).toEqual({
    name: 'house-style',
    text: 'own',
    folder: join(root, 'profiles', 'writer', 'skills', 'house-style'),
  })
})

test('a run loads ours, then those of its profile, then those of its task, each once', async () => {
  const root = newRoot('kanban: { command: [sh], skills: [a, kanban-orchestrator] }\n')
  for (const name of ['a', 'b']) put(root, `skills/${name}`, `${front(name)}${name}`)
  const names = (await load(root, 'b', 'a', 'kanban-worker')).map(({ name }) => name)
  expect(names).toEqual(['kanban-worker', 'a', 'kanban-orchestrator', 'b'])
})

test('a skill that is not there is the fault of whoever named it', async () => {
  const root = newRoot()
  await expect(load(root, 'nope', '../../etc')).rejects.toMatchObject({
    code: 'not_found',
    message: 'writer has no skill nope, ../../etc: there are kanban-orchestrator, kanban-worker',
  })
  const ill = newRoot('kanban: { skills: [gone] }\n')
  await expect(load(ill)).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('kanban.skills of writer has gone'),
  })
})

test.each([
  ['no front matter', 'it must begin with front matter'],
  ['---\nname: x\n', 'it must begin with front matter'],
])('%j is refused by its file and what is allowed', async (text, why) => {
  const root = newRoot()
  put(root, 'skills/odd', text)
  const refusal = await load(root, 'odd').catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'config', message: expect.stringContaining(why) })
  expect(String(refusal)).not.toContain('\n')
})

test('our own skills have front matter and cover what a worker and an orchestrator must know', async () => {
  const [worker, orchestrator] = await load(newRoot(), 'kanban-orchestrator')
  for (const word of [
    'scratch',
    'worktree',
    'HERMES_TENANT',
    'created_cards',
    'timed_out',
    'hermes kanban complete',
  ]) {
    expect(worker?.text).toContain(word)
  }
  for (const word of ['Fan-out', 'Pipeline', 'Gate', 'Human in the loop', 'reclaim', 'tenant']) {
    expect(orchestrator?.text).toContain(word)
  }
  for (const { folder = '' } of [worker ?? {}, orchestrator ?? {}]) {
    const [, head = ''] = readFileSync(join(folder, 'SKILL.md'), 'utf8').split('---\n')
    expect(parse(head).description.length).toBeGreaterThan(30)
  }
})
