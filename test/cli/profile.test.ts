/** `hermes profile` as the program itself: what it says, and its exit codes. */

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hermes, newHome, newRoot } from '../operations/home.ts'

const profile = (root: string, ...argv: string[]) => hermes(root, ['profile', ...argv])

test('a profile is made, shown, changed, and put away', async () => {
  const root = newRoot()
  const made = await profile(
    root,
    ...['create', 'translator', '--description', 'Translates', '--command', 'true'],
    ...['--skill', 'kanban-orchestrator', '--toolset', 'board', '--toolset', 'files'],
    ...['--env', 'MODE=fast', '--env', 'URL=a=b', '--max-concurrent', '2', '--max-runtime', '2h'],
  )
  expect(made).toEqual({
    code: 0,
    out: 'Created profile translator  (runtime command)\n',
    err: '',
  })
  expect(JSON.parse((await profile(root, 'show', 'translator', '--json')).out)).toMatchObject({
    name: 'translator',
    description: 'Translates',
    command: 'true',
    skills: ['kanban-orchestrator'],
    toolsets: ['board', 'files'],
    env: ['MODE', 'URL'],
    max_runtime: 7200,
    fault: null,
    warnings: [],
  })
  expect(
    await profile(root, 'edit', 'translator', '--model', 'opus', '--unset', 'env.URL'),
  ).toEqual({
    code: 0,
    out: 'Edited profile translator: model, env.URL\n',
    err: '',
  })
  const shown = await profile(root, 'show', 'translator')
  expect(shown.out).toMatch(/^model {11}opus$/m)
  expect(shown.out).toMatch(/Its workers can start here\.\n$/)
  const { out } = await profile(root, 'list')
  expect(out).toMatch(/^default +- +- +has no runtime: it is given no work$/m)
  expect(out).toMatch(/^translator +ready +command +Translates$/m)
  expect((await profile(root, 'delete', 'translator')).out).toMatch(
    /^Deleted profile translator {2}\(kept at .*_archived\/translator-\d+\)\n$/,
  )
  expect(JSON.parse((await profile(root, 'list', '--json')).out)).toMatchObject([
    { name: 'default' },
  ])
})

test('its instructions are read from stdin', async () => {
  const root = newRoot()
  const argv = ['profile', 'create', 'w', '--command', 'true', '--instructions', '-']
  await hermes(root, argv, { stdin: 'You write.\n' })
  expect(readFileSync(join(root, 'profiles', 'w', 'SOUL.md'), 'utf8')).toBe('You write.\n')
})

test('a profile that can start nothing yet is made, with what is missing', async () => {
  const { code, out, err } = await profile(newRoot(), 'create', 'w')
  const made = 'Created profile w  (runtime agent, the first that was found here)\n'
  expect({ code, out }).toEqual({ code: 0, out: made })
  expect(err).toMatch(/^hermes: w cannot start workers yet: no model is set: write kanban\.model/)
})

test.each([
  [['create'], 2, '<name> is missing'],
  [['create', 'A B'], 2, '"A B" is no name for a profile'],
  [['create', 'None'], 2, '"none" is no name for a profile'],
  [['create', 'default'], 1, 'there is a profile default already'],
  [['create', 'w', '--runtime', 'cdoex'], 1, 'use one of claude-code, codex, '],
  [['create', 'w', '--skill', 'nope'], 1, 'use one of kanban-orchestrator, kanban-worker'],
  [['create', 'w', '--env', 'NO'], 2, '--env must be written as NAME=value'],
  [['create', 'w', '--max-runtime', 'soon'], 2, '--max-runtime must be a duration'],
  [['create', 'w', '--max-concurrent', '0'], 2, '--max-concurrent must be a whole number'],
  [['create', 'w', '--permissions', 'ask'], 2, '--permissions must be one of allow, deny'],
  [['create', 'w', '--modle', 'x'], 2, 'did you mean --model?'],
  [['edit', 'default'], 2, 'nothing to change on default'],
  [['edit', 'nobody', '--model', 'x'], 1, 'there is no profile "nobody"'],
  [['edit', 'default', '--unset', 'mdoel'], 2, 'did you mean model?'],
  [['show', 'nobody'], 1, 'there is no profile "nobody" here, only default'],
  [['delete', 'default'], 1, 'cannot be deleted'],
  [['delete', 'nobody'], 1, 'there is no profile "nobody"'],
  [['export', 'nobody'], 1, 'there is no profile "nobody"'],
  [['install', 'nothing', '--yes'], 1, 'is no file, no folder and no template'],
  [['isntall'], 2, 'did you mean install?'],
] as const)('%j is refused in one sentence', async (argv, code, why) => {
  const root = newRoot()
  const said = await profile(root, ...argv)
  expect(said).toMatchObject({ code, out: '' })
  expect(said.err).toMatch(/^hermes: [^\n]+\n$/)
  expect(said.err).toContain(why)
  expect(readdirSync(root).filter((name) => name === 'profiles')).toEqual([])
})

test('help names the verbs, and each tells its flags', async () => {
  const root = newRoot()
  expect(await profile(root)).toMatchObject({ code: 2, out: expect.stringContaining('install') })
  expect(await profile(root, '--help')).toMatchObject({ code: 0 })
  expect((await profile(root, 'install', '--help')).out).toContain('hermes profile install <what>')
  expect(readdirSync(root)).toEqual([])
})

test('a template is shown before it is installed, and not without agreement', async () => {
  const root = newRoot()
  const refused = await profile(root, 'install', 'researcher', '--command', 'node work.mjs')
  expect(refused).toMatchObject({ code: 1, out: '' })
  expect(refused.err).toContain("runs as you   /bin/sh -c 'node work.mjs' sh")
  expect(refused.err).toMatch(/hermes: researcher was not installed, because nobody is here/)
  expect(JSON.parse((await profile(root, 'list', '--json')).out)).toHaveLength(1)
  const argv = ['install', 'researcher', '--name', 'facts', '--command', 'true', '--yes']
  expect(await profile(root, ...argv)).toEqual({
    code: 0,
    out: 'Installed profile facts from the bundled template researcher\n',
    err: '',
  })
  expect(await profile(root, ...argv)).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is a profile facts already'),
  })
})

test('what a file would run is shown without obeying it', async () => {
  const root = newRoot()
  const file = join(root, 'evil.yaml')
  writeFileSync(file, 'name: evil\nkanban: { command: ["sh", "-c", "\\e[2Jrm -rf ~"] }\n')
  const { err } = await profile(root, 'install', file)
  expect(err).toContain('rm -rf ~')
  expect(err).not.toContain('\u001b')
})

test('an export is one file that another home installs', async () => {
  const root = newRoot()
  const made = ['create', 'w', '--command', 'true', '--env', 'API_KEY=hunter2', '--env', 'A=b']
  await profile(root, ...made)
  const file = join(root, 'w.yaml')
  const written = await profile(root, 'export', 'w', '--out', file)
  expect(written).toMatchObject({ code: 0, out: `Exported profile w to ${file}\n` })
  expect(written.err).toMatch(/^hermes: left out kanban\.env\.API_KEY/)
  expect(readFileSync(file, 'utf8')).not.toContain('hunter2')
  expect((await profile(root, 'export', 'w')).out).toBe(readFileSync(file, 'utf8'))
  const there = newRoot()
  expect(await profile(there, 'install', file, '--yes')).toMatchObject({ code: 0, err: '' })
  expect(JSON.parse((await profile(there, 'show', 'w', '--json')).out)).toMatchObject({
    command: 'true',
    env: ['A'],
  })
})

test('a profile at work is not deleted', async () => {
  const home = await newHome()
  mkdirSync(join(home.root, 'profiles', 'w'), { recursive: true })
  const { thisHost } = await import('../../src/dispatcher/host.ts')
  const { claim } = await import('../../src/board/claim.ts')
  const task = await home.create('x', '--assignee', 'w')
  const host = await thisHost(home.root)
  await home.board.store.write((tx) =>
    claim(tx, task, { lock: 'h:1:abc', ttl: 900, host, here: host }),
  )
  expect(await profile(home.root, 'delete', 'w')).toMatchObject({
    code: 1,
    err: expect.stringContaining(`w was not deleted: it works on ${task}`),
  })
})

test('a profile is not deleted while a board cannot say whether it works there', async () => {
  const root = newRoot()
  await profile(root, 'create', 'w', '--command', 'true')
  mkdirSync(join(root, 'kanban', 'boards', 'odd'), { recursive: true })
  writeFileSync(join(root, 'kanban', 'boards', 'odd', 'kanban.db'), 'no database at all')
  const { code, err } = await profile(root, 'delete', 'w')
  expect(code).not.toBe(0)
  expect(err).toMatch(
    /^hermes: w was not deleted: nobody can tell whether it works on the board odd \(.+\)\n$/,
  )
  expect(existsSync(join(root, 'profiles', 'w'))).toBe(true)
})

test('a profile whose file is broken is listed with its fault, and stops no other', async () => {
  const root = newRoot()
  await profile(root, 'create', 'good', '--command', 'true')
  mkdirSync(join(root, 'profiles', 'bad'))
  writeFileSync(join(root, 'profiles', 'bad', 'config.yaml'), 'kanban: { args: x }\n')
  const { code, out } = await profile(root, 'list')
  expect(code).toBe(0)
  expect(out).toMatch(/^bad +held .*kanban\.args must be a list$/m)
  expect(out).toMatch(/^good +ready/m)
  expect(await profile(root, 'show', 'bad')).toMatchObject({
    code: 1,
    err: expect.stringContaining('kanban.args must be a list'),
  })
})

test.skipIf(process.getuid?.() === 0)(
  'a folder that cannot be written is one sentence',
  async () => {
    const root = newRoot()
    mkdirSync(join(root, 'profiles'))
    chmodSync(join(root, 'profiles'), 0o500)
    expect(await profile(root, 'create', 'w')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^hermes: [^\n]+\n$/),
    })
  },
)
