/** What is published: what is in it, and that the quick start holds for whoever has nothing else. */

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import { makeOlder } from '../board/older.ts'
import { type Block, blocksOf, lines, run } from '../docs/blocks.ts'
import { modes } from '../endpoint/modes.ts'
import { startEndpoint } from '../endpoint/server.ts'
import { type Packed, pack } from './packed.ts'

const repository = resolve(import.meta.dirname, '../..')

let packed: Packed
beforeAll(() => {
  packed = pack()
}, 120_000)
afterAll(() => packed?.remove())

describe('the package', () => {
  const files = (): string[] =>
    readdirSync(packed.package, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(packed.package, name)).isFile(),
    )
  const scripts = (): string[] => files().filter((name) => /^dist\/(?!web\/).*\.c?js$/.test(name))

  test('has the program, its page, skills, templates and licences, and nothing else', () => {
    const top = new Set(files().map((name) => name.split('/')[0]))
    expect([...top].toSorted()).toEqual(
      ['LICENSE', 'README.md', 'dist', 'package.json', 'skills', 'templates'].toSorted(),
    )
    expect(files()).toContain('dist/web/index.html')
    expect(files()).toContain('dist/third-party.md')
    expect(files()).toContain('dist/web/third-party.md')
    expect(files().filter((name) => /\.map$|test|(?<!\.d)\.tsx?$/.test(name))).toEqual([])
    expect(statSync(packed.tarball).size).toBeLessThan(2_000_000)
  })

  test('says nothing of the machine on which it was built', () => {
    const places = [repository, packed.folder, realpathSync(tmpdir())]
    const telling = files().filter((name) => {
      const text = readFileSync(join(packed.package, name), 'latin1')
      return places.some((place) => text.includes(`${place}/`))
    })
    expect(telling).toEqual([])
  })

  test('imports what comes with Node or is among its dependencies', () => {
    const known = new Set([
      ...builtinModules.flatMap((name) => [name, `node:${name}`]),
      ...['node:sqlite', 'node:sea', 'node:test', 'pg-native', pkg.name],
      'zod/v4',
      ...Object.keys({ ...pkg.dependencies, ...pkg.optionalDependencies }),
    ])
    const imported = scripts().flatMap((name) => {
      const text = readFileSync(join(packed.package, name), 'utf8')
      return [...text.matchAll(/(?:\bfrom|\bimport\(?)\s*[`"']([@\w][\w@/:.-]*)[`"']/g)].map(
        ([, module = '']) => module,
      )
    })
    expect(imported.filter((module) => !known.has(module))).toEqual([])
    expect(imported).toContain('pg')
  })
})

test('a command that prints into a pipe loads none of the streams of Node', () => {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'hermes-loaded-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const [watch, loaded] = [join(home, 'watch.cjs'), join(home, 'loaded.json')]
  writeFileSync(
    watch,
    `process.once('exit', () => require('node:fs').writeFileSync(
      ${JSON.stringify(loaded)}, JSON.stringify(process.moduleLoadList)))`,
  )
  const list = (...flags: string[]) => {
    const argv = [...flags, join(packed.package, 'dist/main.cjs'), 'kanban', 'list']
    const env = { HOME: home, PATH: '/usr/bin:/bin' }
    return spawnSync(process.execPath, argv, { env, encoding: 'utf8' })
  }
  list() // which makes the board
  expect(list('-r', watch)).toMatchObject({ status: 0, stdout: 'No tasks.\n', stderr: '' })
  const modules = JSON.parse(readFileSync(loaded, 'utf8')) as string[]
  expect(modules).toContain('NativeModule sqlite')
  expect(modules.filter((name) => /^NativeModule (stream|net|tty|crypto)$/.test(name))).toEqual([])
})

test('an upgrade that takes the files of the program away leaves a worker its runner', async () => {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'hermes-upgrade-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))
  const worker = join(home, 'worker.mjs')
  writeFileSync(
    worker,
    `import { once } from 'node:events'
    import { readFileSync, renameSync, writeFileSync } from 'node:fs'
    import { connect } from 'node:net'
    const dist = ${JSON.stringify(join(packed.package, 'dist'))}
    readFileSync(${JSON.stringify(join(home, 'go'))})
    renameSync(dist, dist + '.old')
    const { HERMES_KANBAN_SOCKET: path, HERMES_KANBAN_CLAIM_LOCK: lock } = process.env
    const input = { summary: 'done without a program' }
    const socket = connect(path)
    socket.write(JSON.stringify({ id: 1, lock, operation: 'complete', input }) + '\\n')
    const [answer] = await once(socket, 'data')
    socket.destroy()
    renameSync(dist + '.old', dist)
    writeFileSync(${JSON.stringify(join(home, 'back'))}, answer)`,
  )
  const settings = join(home, '.hermes/profiles/upgraded/config.yaml')
  mkdirSync(dirname(settings), { recursive: true })
  const command = [process.execPath, worker]
  writeFileSync(settings, JSON.stringify({ kanban: { command } }))
  const env = {
    HOME: home,
    PATH: [packed.bin, dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
  }
  // Through pipes each waits for the other: nobody else may need the files while they are away.
  const script = `mkfifo go back
    hermes kanban create 'Go on' --assignee upgraded >/dev/null 2>&1
    hermes kanban dispatch >/dev/null
    echo >go
    cat back
    hermes kanban list --status done`
  const { stdout, stderr } = await run(script, home, env)
  expect(stdout, stderr).toContain('"result"')
  expect(stdout).toContain('Go on')
})

/** The stage of each section: what its reader has already. */
const stages: Readonly<Record<string, (home: string) => Promise<Record<string, string>>>> = {
  'Any command': async () => ({}),
  /** In place of the agent, which is driven by `npm run test:agents`, one that speaks its protocol. */
  'Claude Code or Codex': async (home) => {
    const agent = join(repository, 'test/acp/agent-program.ts')
    const bin = join(home, '.hermes/kanban/agents/node_modules/.bin')
    program(join(bin, 'claude-agent-acp'), `exec '${process.execPath}' '${agent}' ok`)
    return {}
  },
  'A local model': async () => {
    const endpoint = await startEndpoint({ ok: modes.ok })
    onTestFinished(() => endpoint.close())
    return { OLLAMA_BASE_URL: `${endpoint.url('ok')}/v1` }
  },
  /** A board of the other edition, and a stand-in for its agent where its installer puts that. */
  'Hermes Agent': async (home) => {
    const root = join(home, '.hermes')
    mkdirSync(join(root, 'profiles/ops'), { recursive: true })
    writeFileSync(join(root, 'profiles/ops/config.yaml'), 'model: any\n')
    writeFileSync(join(root, 'config.yaml'), 'model: any\n')
    makeTheirBoard(join(root, 'kanban.db'))
    const bin = join(root, 'hermes-agent/venv/bin')
    program(join(bin, 'hermes-agent'), 'exit 1')
    const done = 'hermes-kanban complete "$HERMES_KANBAN_TASK" --summary "the backups are fine"'
    program(join(bin, 'hermes'), done)
    return {}
  },
  'A library': async (home) => {
    symlinkSync(join(packed.folder, 'node_modules'), join(home, 'node_modules'))
    return {}
  },
}

describe('the quick start, on the package', () => {
  const blocks = blocksOf(readFileSync(join(repository, 'docs/quick-start.md'), 'utf8'))
  const sections = Map.groupBy(blocks, ({ section }) => section)

  test('has a section for each kind of reader', () => {
    expect([...sections.keys()]).toEqual(Object.keys(stages))
  })

  for (const [section, steps] of sections) {
    test(section, () => holds(steps, stages[section]))
  }
})

test('the tutorial, from its first line to its last, on the package', { timeout: 120_000 }, () =>
  holds(blocksOf(readFileSync(join(repository, 'docs/tutorial.md'), 'utf8'))),
)

const between = '-- and then'

/** Run by somebody with the package and an empty home, it prints what it says. */
async function holds(
  steps: readonly Block[],
  stage: (home: string) => Promise<Record<string, string>> = async () => ({}),
): Promise<void> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'hermes-start-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))
  const env = {
    HOME: home,
    PATH: [packed.bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    ...(await stage(home)),
  }
  onTestFinished(() => run('hermes gateway stop || :', home, env).then(() => {}))
  const { status, stdout, stderr } = await run(asOne(steps), home, env)
  const printed = stdout.replaceAll(home, '/home/you').split(`${between}\n`)
  for (const [index, { section, script, prints }] of steps.entries()) {
    // The order of tasks of the same second is chance.
    const told = lines(printed[index] ?? '').toSorted()
    expect(told, `${section}:\n${script}`).toEqual(lines(prints).toSorted())
  }
  // Nothing dispatches while the first task is made, and the reader is told.
  expect(stderr.replace(/^hermes: no dispatcher is running.*\n/gm, '')).toBe('')
  expect(status).toBe(0)
}

/** In one shell, as a reader keeps one open. */
function asOne(steps: readonly Block[]): string {
  return steps.map(({ script }) => script).join(`echo '${between}'\n`)
}

function program(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
}

/** As their program makes one, with a single task in it. */
function makeTheirBoard(file: string): void {
  makeOlder(file, { ids: 'numbers', runs: true, failures: 'current', theirs: false })
  const database = new DatabaseSync(file)
  for (const table of [
    'sqlite_sequence',
    'task_links',
    'task_comments',
    'task_events',
    'task_runs',
  ]) {
    database.exec(`DELETE FROM ${table}`)
  }
  database.exec(`
    DELETE FROM kanban_notify_subs;
    DELETE FROM tasks;
    INSERT INTO tasks (id, title, assignee, status, created_at)
    VALUES ('t_00000001', 'Check the backups', 'ops', 'ready', 100)`)
  database.close()
}
