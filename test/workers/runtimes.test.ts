import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { profileSettings } from '../../src/config/profile.ts'
import { parseRuntimes } from '../../src/config/runtimes.ts'
import { launch } from '../../src/workers/runtimes/launch.ts'
import { locate } from '../../src/workers/runtimes/locate.ts'
import { builtIn, runtimeOf, runtimesOf } from '../../src/workers/runtimes.ts'
import { temporaryFolder } from '../lib/folder.ts'

interface Asked {
  readonly model?: string
  readonly skills?: readonly string[]
  readonly own?: Record<string, unknown>
}

function launched(settings: Record<string, unknown>, { model, skills = [], own }: Asked = {}) {
  const profile = { ...profileSettings.parse(settings), name: 'p' }
  const read = parseRuntimes(own ?? {})
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  const runtime = runtimeOf(profile, runtimesOf('/home', read.runtimes))
  const program = [`/bin/${runtime.name}`]
  const of = { profile, program, task: 't_1', brief: '/run/brief.md', model: model ?? null, skills }
  return launch(runtime, of)
}

test('a list of words is the program and its arguments', () => {
  const settings = { command: ['node', 'work.mjs'], args: ['--fast', 'a b'] }
  expect(launched(settings)).toMatchObject({
    argv: ['node', 'work.mjs', '--fast', 'a b'],
    input: 'brief',
  })
})

test('one line goes to a shell, with the arguments as its own', () => {
  const settings = { runtime: 'command', command: 'cat | tee "$1"', args: ['out.md'] }
  expect(launched(settings)).toMatchObject({
    argv: ['/bin/sh', '-c', 'cat | tee "$1"', 'sh', 'out.md'],
    input: 'brief',
  })
})

test('a command that names the brief gets it as a file', () => {
  expect(launched({ command: ['agent', '--prompt=@{brief}'] })).toMatchObject({
    argv: ['agent', '--prompt=@/run/brief.md'],
    input: 'nothing',
  })
})

test('variables of a shell are not taken for places', () => {
  const script = 'echo $' + '{task} {model}'
  expect(launched({ command: script }, { model: 'm' }).argv[2]).toBe('echo $' + '{task} m')
})

test('a runtime that nobody knows is refused with those there are', () => {
  expect(() => launched({ runtime: 'nobody', command: ['x'] })).toThrow('set it to one of claude-')
  expect(() => launched({ runtime: 'gemni' })).toThrow('did you mean gemini?')
})

test.each([
  ['gemini', ['--acp', '--skip-trust', '--approval-mode', 'yolo', '-m', 'm'], {}],
  ['opencode', ['acp'], { OPENCODE_DISABLE_AUTOUPDATE: '1' }],
  ['codex', [], { INITIAL_AGENT_MODE: 'agent-full-access', NO_BROWSER: '1' }],
  ['copilot', ['--acp', '--allow-all-tools', '--model', 'm'], { COPILOT_AUTO_UPDATE: 'false' }],
  ['qwen', ['--acp', '--approval-mode', 'yolo', '-m', 'm'], {}],
  ['hermes-agent', ['chat', '-q', 'work kanban task t_1', '-m', 'm', '--skills', 'a,b'], {}],
  ['hermes-acp', [], {}],
  ['claude-code', [], { CLAUDE_CODE_MAX_RETRIES: '5' }],
])('%s is started as it needs it', (runtime, args, env) => {
  const { argv, ...rest } = launched(
    { runtime, args: ['--own'] },
    { model: 'm', skills: ['a', 'b'] },
  )
  expect(argv).toEqual([`/bin/${runtime}`, ...args, '--own'])
  expect(rest.env).toMatchObject(env)
})

test('a profile that denies has an agent that asks', () => {
  const deny = { permissions: 'deny' }
  expect(launched({ runtime: 'gemini', ...deny }).argv).not.toContain('yolo')
  expect(launched({ runtime: 'copilot', ...deny }).argv).not.toContain('--allow-all-tools')
  expect(launched({ runtime: 'codex', ...deny }).env.INITIAL_AGENT_MODE).toBe('read-only')
  expect(launched({ runtime: 'opencode', ...deny }).env.OPENCODE_PERMISSION).toBe('{"*":"ask"}')
  expect(launched({ runtime: 'claude-code', ...deny }).modes).toEqual(['default'])
})

test('no runtime claims that the machine is nobody else’s', () => {
  for (const { env, permissions } of builtIn) {
    const all = { ...env, ...permissions.allow.env, ...permissions.deny.env }
    expect(Object.keys(all)).not.toContain('IS_SANDBOX')
  }
})

test('one of your own begins with another, and changes what it says', () => {
  const own = {
    careful: {
      like: 'claude-code',
      command: ['docker', 'run', '-i', 'box', '{task}'],
      modes: ['acceptEdits'],
      env: { LEVEL: 3 },
      quota: ['no more tea (today)'],
    },
  }
  const runtime = runtimesOf('/home', ownRuntimes(own))[0]
  expect(runtime).toMatchObject({
    name: 'careful',
    driver: 'acp',
    program: { programs: ['docker'] },
    env: { LEVEL: '3', CLAUDE_CODE_MAX_RETRIES: '5' },
    permissions: { allow: { modes: ['acceptEdits'] } },
  })
  expect(runtime?.signs[0]?.error?.test('Sorry: No more tea (today).')).toBe(true)
  const { argv } = launched({ runtime: 'careful' }, { own })
  expect(argv).toEqual(['/bin/careful', 'run', '-i', 'box', 't_1'])
})

function ownRuntimes(own: Record<string, unknown>) {
  const read = parseRuntimes(own)
  if ('faults' in read) throw new Error(JSON.stringify(read.faults))
  return read.runtimes
}

test('one of your own with the name of ours takes its place', () => {
  const all = runtimesOf(
    '/home',
    ownRuntimes({ gemini: { like: 'gemini', model: ['--m={model}'] } }),
  )
  expect(all.filter(({ name }) => name === 'gemini')).toMatchObject([
    { args: ['--acp', '--skip-trust'], model: { args: ['--m={model}'] } },
  ])
})

test('what is wrong with one of your own is said by its name, key and choices', () => {
  const read = parseRuntimes({
    a: { drvier: 'acp' },
    b: { driver: 'http', command: 'x' },
    c: 'x',
    'Not One': { like: 'gemini' },
    d: {},
  })
  expect(
    'faults' in read && read.faults.map(({ path, message }) => [path.join('.'), message]),
  ).toEqual([
    ['a.drvier', 'is no setting of a runtime; did you mean driver?'],
    ['b.driver', 'must be one of acp, command'],
    ['b.command', 'must be a list of words, the program first'],
    ['c', 'must be a table of settings'],
    ['Not One', 'must have a name of a-z, 0-9, - and _'],
    ['d.driver', 'must be one of acp, command'],
    ['d.command', 'must be a list of words, the program first'],
  ])
  expect(() => runtimesOf('/h', ownRuntimes({ x: { like: 'gemni' } }))).toThrow(
    'cannot use /h/config.yaml: kanban.runtimes.x.like must be one of claude-code, codex,',
  )
})

function program(path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, 0o755)
  return path
}

test('a program is found on the PATH, else among the packages of the home', () => {
  const root = temporaryFolder()
  const entry = builtIn.find(({ name }) => name === 'gemini')?.program
  if (typeof entry !== 'object') throw new Error('it has an entry')
  const find = () => locate(entry, root, `relative:${join(root, 'bin')}`)
  expect(find()).toBeUndefined()
  const own = program(join(root, 'kanban', 'agents', 'node_modules', '.bin', 'gemini'))
  expect(find()).toBe(own)
  const path = program(join(root, 'bin', 'gemini'))
  expect(find()).toBe(path)
  chmodSync(path, 0o644)
  expect(find()).toBe(own)
})

test('what cannot be followed on the PATH is passed over, as a shell does', () => {
  const root = temporaryFolder()
  const bin = join(root, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'gemini'), '', { mode: 0o755 })
  writeFileSync(join(root, 'file'), '')
  symlinkSync('loop', join(root, 'loop'))
  const path = [join(root, 'loop'), join(root, 'file'), `/${'x'.repeat(300)}`, bin].join(':')
  const { program } = runtimeOf({ ...profileSettings.parse({ runtime: 'gemini' }), name: 'w' })
  if (typeof program !== 'object') throw new Error('it has a program of its own')
  expect(locate(program, root, path)).toBe(join(bin, 'gemini'))
})

test('the Python agent is found by its own entry, and never by the name that we have too', () => {
  const root = temporaryFolder()
  const entry = builtIn.find(({ name }) => name === 'hermes-agent')?.program
  if (typeof entry !== 'object') throw new Error('it has an entry')
  const find = () => locate(entry, root, join(root, 'bin'))
  program(join(root, 'bin', 'hermes'))
  expect(find()).toBeUndefined()
  const venv = join(root, 'elsewhere', 'bin')
  symlinkSync(program(join(venv, 'hermes-agent')), join(root, 'bin', 'hermes-agent'))
  const real = program(join(venv, 'hermes'))
  expect(find()).toBe(real)
})

test('the Python agent is found where its installer puts it', () => {
  const root = temporaryFolder()
  const entry = builtIn.find(({ name }) => name === 'hermes-agent')?.program
  if (typeof entry !== 'object') throw new Error('it has an entry')
  const venv = join(root, 'hermes-agent', 'venv', 'bin')
  program(join(venv, 'hermes-agent'))
  expect(locate(entry, root, '/nowhere')).toBeUndefined()
  const hermes = program(join(venv, 'hermes'))
  expect(locate(entry, root, '/nowhere')).toBe(hermes)
})
