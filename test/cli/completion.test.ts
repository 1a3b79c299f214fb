/** Completion in the shells themselves: bash is on every machine that runs these, the others where they are. */

import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { commands } from '../../src/operations/command/find.ts'
import { pathOf } from '../../src/operations/command/grammar.ts'
import { aliases } from '../../src/operations/registry.ts'
import { hermes, newHome, newRoot } from '../operations/home.ts'

const main = join(import.meta.dirname, '../../src/main.ts')

const scripts: Record<string, string> = {}

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    scripts[shell] = (await hermes('/nowhere', ['completion', shell])).out
  }
})

/** A home, a program `hermes-kanban` on the PATH, and what bash offers for a line that ends at the cursor. */
function shellIn(root: string) {
  const bin = join(root, 'bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(
    join(bin, 'hermes-kanban'),
    `#!/bin/sh\nexec '${process.execPath}' '${main}' kanban "$@"\n`,
  )
  chmodSync(join(bin, 'hermes-kanban'), 0o755)
  const file = join(root, 'completion.bash')
  writeFileSync(file, scripts.bash ?? '')
  return (...words: string[]): string[] => {
    const program = `
      source "$0"
      COMP_WORDS=("$@")
      COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      $(complete -p "\${1##*/}" | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', program, file, ...words], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: `${bin}:${process.env.PATH}`, HOME: root, HERMES_KANBAN_HOME: root },
    })
    expect(stderr).toBe('')
    return stdout.split('\n').filter(Boolean)
  }
}

test('what the help says to type puts a script in place in a home that has nothing', async () => {
  const { out } = await hermes('/nowhere', ['completion', '--help'])
  const typed = out
    .split('\n')
    .filter((line) => / {2}(mkdir|hermes-kanban|ln) /.test(line))
    .map((line) => line.replace(/^ {2}(?:bash|zsh|fish|) +| {3,}\(.*/g, ''))
  expect(typed).toHaveLength(8)
  const home = newRoot()
  const script = ['set -e', 'hermes-kanban() { echo "$2"; }', ...typed].join('\n')
  const { status, stderr } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: home },
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const hermesOfBash = join(home, '.local/share/bash-completion/completions/hermes')
  expect(readFileSync(hermesOfBash, 'utf8')).toBe('bash\n')
})

test('bash offers every verb, for both names of the program', async () => {
  const offers = shellIn(newRoot())
  const verbs = new Set((await commands()).map((operation) => pathOf(operation)[0]))
  for (const verb of [...verbs, ...aliases.keys()]) {
    expect(offers('hermes', 'kanban', '')).toContain(verb)
  }
  expect(offers('hermes', 'k')).toEqual(['kanban'])
  expect(offers('hermes', 'kanban', 'm')).toEqual(['mcp', 'move'])
  expect(offers('hermes', 'kanban', 'mcp', '--o')).toEqual(['--operator'])
  expect(offers('hermes', 'kanban', 'boards', 's')).toEqual(['show', 'switch', 'set-workdir'])
  expect(offers('hermes-kanban', 'una')).toEqual([])
  expect(offers('hermes-kanban', 'unb')).toEqual(['unblock'])
  expect(offers('/usr/bin/hermes-kanban', 'unb')).toEqual(['unblock'])
  expect(offers('hermes-kanban', 'gate')).toEqual(['gateway'])
  expect(offers('hermes-kanban', 'gateway', 'st')).toEqual(['start', 'stop', 'status'])
  expect(offers('hermes', 'completion', '')).toEqual(['bash', 'zsh', 'fish'])
})

test('bash offers the flags of a verb and the words that stand behind them', () => {
  const offers = shellIn(newRoot())
  expect(offers('hermes', 'kanban', 'list', '--s')).toEqual(['--status'])
  expect(offers('hermes', 'kanban', 'ls', '--status', 'r')).toEqual(['ready', 'running'])
  expect(offers('hermes', 'kanban', 'list', '--status', '=', 're')).toEqual(['ready'])
  expect(offers('hermes', 'kanban', '--board', 'x', 'list', '--mi')).toEqual(['--mine'])
  expect(offers('hermes', 'kanban', 'move', 't_1', '')).toEqual(['triage', 'todo', 'ready'])
  expect(offers('hermes', 'kanban', 'export', '--format', '')).toEqual(['jsonl', 'markdown'])
  expect(offers('hermes', 'kanban', 'create', 'text', '--body', '')).toEqual([])
  expect(offers('hermes', 'kanban', 'export', '--out', 'comp')).toEqual(['completion.bash'])
})

test('bash offers the tasks, profiles and boards of the home', async () => {
  const { root, run, create, json } = await newHome()
  const offers = shellIn(root)
  mkdirSync(join(root, 'profiles', 'writer'), { recursive: true })
  await run('boards', 'create', 'website')
  const task = await create('a $(touch pwned) `title`')
  const { id: elsewhere } = await json('create', 'b', '--board', 'website')
  expect(offers('hermes', 'kanban', 'show', '')).toEqual([task])
  expect(offers('hermes', 'kanban', '--board', 'website', 'show', '')).toEqual([elsewhere])
  expect(offers('hermes-kanban', 'assign', task, 'wr')).toEqual(['writer'])
  expect(offers('hermes', '-p', 'w')).toEqual(['writer'])
  expect(offers('hermes', 'profile', 'show', 'w')).toEqual(['writer'])
  expect(offers('hermes', 'kanban', 'list', '--board', '')).toEqual(['default', 'website'])
  expect(readdirSync(root)).not.toContain('pwned')
})

test('whoever only presses Tab makes no board and sees no error', async () => {
  const root = newRoot()
  const { code, out, err } = await hermes(root, ['kanban', '__complete', 'tasks', 't_'])
  expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' })
  expect(readdirSync(root)).toEqual([])
  writeFileSync(join(root, 'kanban.db'), 'no database'.repeat(100))
  expect(await hermes(root, ['kanban', '__complete', 'tasks'])).toEqual({
    code: 0,
    out: '',
    err: '',
  })
})

for (const shell of ['zsh', 'fish'] as const) {
  test(`${shell} can read its script`, () => {
    const file = join(newRoot(), 'script')
    writeFileSync(file, scripts[shell] ?? '')
    const { error, status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' })
    if (error === undefined) expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    // Without the shell: what it has to know is there, and what is opened is closed.
    expect(scripts[shell]).toContain("'kanban boards'")
    expect(scripts[shell]).toContain('hermes-kanban __complete')
    expect(scripts[shell]).toMatch(
      shell === 'zsh' ? /compdef _hermes_kanban/ : /^complete -c hermes /m,
    )
    const opened =
      shell === 'zsh' ? /^\s*(case|if|for|while)\b/gm : /^\s*(function|if|for|switch)\b/gm
    const closed = shell === 'zsh' ? /^\s*(esac|fi|done)\b/gm : /^\s*end$/gm
    expect(scripts[shell]?.match(opened)).toHaveLength(scripts[shell]?.match(closed)?.length ?? 0)
  })
}

test('a shell that is none of these is refused with those there are', async () => {
  const { code, err } = await hermes(newRoot(), ['completion', 'tcsh'])
  expect(code).toBe(2)
  expect(err).toBe('hermes: no completion for "tcsh": hermes completion bash|zsh|fish\n')
})
