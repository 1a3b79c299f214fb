/** What `hermes profile` and `hermes doctor` make of the agents that they find. */

import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { isOlder } from '../../src/cli/doctor/runtimes.ts'
import { hermes, newRoot } from '../operations/home.ts'

interface Machine {
  readonly root: string
  readonly run: (...argv: string[]) => ReturnType<typeof hermes>
  /** A program on the PATH. */
  readonly program: (name: string, script?: string) => void
  /** The same, as npm installs it. */
  readonly packaged: (name: string, version: string) => void
}

function machine(env: Record<string, string> = {}): Machine {
  const root = newRoot()
  const bin = join(root, 'bin')
  mkdirSync(bin)
  const written = (path: string, script: string): void => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
  }
  return {
    root,
    run: (...argv) => hermes(root, argv, { env: { PATH: `${bin}:/usr/bin:/bin`, ...env } }),
    program: (name, script = 'exit 1') => written(join(bin, name), script),
    packaged(name, version) {
      const folder = join(root, 'lib', name)
      written(join(folder, 'dist', 'index.js'), 'echo started >> started.txt')
      writeFileSync(join(folder, 'dist', 'package.json'), '{"type":"module"}')
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version }))
      symlinkSync(join(folder, 'dist', 'index.js'), join(bin, name))
    },
  }
}

async function doctor({ run }: Machine, name: string) {
  const { out } = await run('doctor', '--json')
  const { findings } = JSON.parse(out) as { findings: { about: string; says: string }[] }
  return findings.find(({ about }) => about === `runtime ${name}`)
}

test('a profile that names no runtime gets the first that is found, and it is said', async () => {
  const { run, program } = machine()
  program('opencode')
  program('gemini')
  expect(await run('profile', 'create', 'w')).toEqual({
    code: 0,
    out: 'Created profile w  (runtime gemini, the first that was found here)\n',
    err: '',
  })
  const installed = await run('profile', 'install', 'researcher', '--yes')
  expect(installed.code).toBe(0)
  expect(installed.out).toMatch(/ \(runtime gemini, the first that was found here\)$/m)
  const { out } = await run('profile', 'show', 'researcher')
  expect(out).toMatch(/^runtime +gemini$/m)
  expect(out).toContain('Its workers can start here.')
})

test('a runtime of one’s own goes before ours', async () => {
  const { root, run, program } = machine()
  program('gemini')
  program('mine')
  writeFileSync(
    join(root, 'config.yaml'),
    'kanban: { runtimes: { own: { driver: acp, command: [mine] } } }\n',
  )
  expect((await run('profile', 'create', 'w')).out).toContain('(runtime own, the first')
  const wrong = await run('profile', 'create', 'x', '--runtime', 'onw')
  expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('use one of own, claude-') })
})

test('a runtime of one’s own that is wrong is named with its file and key', async () => {
  const { root, run } = machine()
  const file = join(root, 'config.yaml')
  writeFileSync(file, 'kanban: { runtimes: { own: { drvier: acp } } }\n')
  const { out } = await run('doctor')
  expect(out).toContain(
    `cannot use ${file}: kanban.runtimes.own.drvier is no setting of a runtime; did you mean driver?`,
  )
})

test('a profile whose agent is not here says how to get it', async () => {
  const { run } = machine()
  await run('profile', 'create', 'w', '--runtime', 'codex')
  const { out } = await run('profile', 'show', 'w')
  expect(out).toContain(
    'its runtime codex is not here: there is no codex-acp on the PATH; to install Codex: npm install -g @agentclientprotocol/codex-acp',
  )
})

test('a folder of the PATH that cannot be followed stops nothing', async () => {
  const root = newRoot()
  symlinkSync('loop', join(root, 'loop'))
  writeFileSync(join(root, 'file'), '')
  const env = { PATH: `${root}/loop:${root}/file:/usr/bin:/bin` }
  const run = (...argv: string[]) => hermes(root, argv, { env })
  expect((await run('profile', 'create', 'w', '--command', 'true')).code).toBe(0)
  const unprogrammed = await run('profile', 'create', 'g', '--runtime', 'gemini')
  expect(unprogrammed).toMatchObject({ code: 0, err: expect.stringContaining('is not here') })
  const { out } = await run('profile', 'list')
  expect(out).toMatch(/^g +held/m)
  expect(out).toMatch(/^w +ready/m)
  expect((await run('doctor')).out).toMatch(/^ok +profile w +can start workers$/m)
  const { id } = JSON.parse((await run('kanban', 'create', 'x', '--assignee', 'g', '--json')).out)
  expect((await run('kanban', 'why', id)).out).toContain('is not here')
})

test('an agent is found with its version, and is not started for it', async () => {
  const here = machine()
  here.packaged('gemini', '0.61.0')
  expect((await doctor(here, 'gemini'))?.says).toBe(
    `${join(here.root, 'bin', 'gemini')}, 0.61.0 (tested), no login found`,
  )
  expect(await doctor(here, 'codex')).toMatchObject({
    level: 'ok',
    says: 'not installed, and no profile uses it',
  })
})

test('an agent that is older than what was tried is pointed at, a newer one is not', async () => {
  const here = machine({ GEMINI_API_KEY: 'k' })
  here.packaged('gemini', '0.60.9')
  here.packaged('qwen', '1.0.0')
  expect(await doctor(here, 'gemini')).toMatchObject({
    level: 'warning',
    says: expect.stringContaining('older than 0.61.0'),
    next: 'npm install -g @google/gemini-cli',
  })
  expect(await doctor(here, 'qwen')).toMatchObject({
    level: 'ok',
    says: expect.stringContaining('1.0.0 (0.24.4 was tested)'),
  })
})

test('an agent that is no package is asked for its version, and not for long', async () => {
  const here = machine()
  here.program('copilot', 'echo "Copilot CLI 1.0.102."')
  here.program('opencode', 'exec sleep 60')
  expect((await doctor(here, 'copilot'))?.says).toContain('1.0.102 (tested)')
  expect(await doctor(here, 'opencode')).toMatchObject({
    level: 'warning',
    says: expect.stringContaining('does not say its version'),
  })
})

test('who has the agent but not what drives it is told so', async () => {
  const here = machine()
  here.program('claude')
  expect(await doctor(here, 'claude-code')).toMatchObject({
    level: 'warning',
    says: 'claude is here, but not claude-agent-acp, by which it is driven',
    next: 'npm install -g @agentclientprotocol/claude-agent-acp',
  })
})

test('a login is looked for where it can be seen, and missed only where it is needed', async () => {
  const here = machine()
  here.packaged('codex-acp', '2.6.0')
  expect(await doctor(here, 'codex')).toMatchObject({ level: 'ok' })
  await here.run('profile', 'create', 'w', '--runtime', 'codex')
  expect(await doctor(here, 'codex')).toMatchObject({
    level: 'warning',
    says: expect.stringContaining('no login was found, which w would need'),
    next: expect.stringContaining('run codex login'),
  })
  mkdirSync(join(here.root, '.codex'))
  writeFileSync(join(here.root, '.codex', 'auth.json'), '{}')
  expect(await doctor(here, 'codex')).toMatchObject({
    level: 'ok',
    says: expect.stringContaining('its login is in ~/.codex/auth.json'),
  })
  const keyed = machine({ OPENAI_API_KEY: 'hunter2' })
  keyed.packaged('codex-acp', '2.6.0')
  const found = await doctor(keyed, 'codex')
  expect(found?.says).toContain('OPENAI_API_KEY is set')
  expect(found?.says).not.toContain('hunter2')
})

test('the tools of a worker are served and asked for', async () => {
  const { out } = await machine().run('doctor')
  expect(out).toMatch(/^ok +tools +7 are served to agents on loopback \(MCP\)$/m)
  expect(out).toMatch(/^ok +port 9119 +is /m)
})

test.each([
  ['1.2.3', '1.2.3', false],
  ['1.2.2', '1.2.3', true],
  ['1.10.0', '1.9.9', false],
  ['2', '1.9.9', false],
  ['1.2', '1.2.1', true],
  ['1.2.3-beta.1', '1.2.3', false],
])('%s is older than %s: %s', (version, than, expected) => {
  expect(isOlder(version, than)).toBe(expected)
})
