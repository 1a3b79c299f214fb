/** Words that nobody would type, behind every word that the program itself knows; none that starts or installs anything. */

import { EventEmitter } from 'node:events'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, onTestFinished, vi } from 'vitest'
import { main } from '../../src/cli/main.ts'
import { create } from '../../src/cli/profile/create.ts'
import { edit } from '../../src/cli/profile/edit.ts'
import { exportOne } from '../../src/cli/profile/export.ts'
import { install } from '../../src/cli/profile/install.ts'
import { list } from '../../src/cli/profile/list.ts'
import { remove } from '../../src/cli/profile/remove.ts'
import { show } from '../../src/cli/profile/show.ts'
import type { Surfaces } from '../../src/cli/surface.ts'
import { grammarOf } from '../../src/operations/command/grammar.ts'
import { expectInvariants } from '../board/invariants.ts'
import { type Home, newHome } from '../operations/home.ts'
import { linesFor, obeyed, type Word, wordsOf } from './command-line.ts'
import { always, oddText, type Size } from './odd.ts'

/** Those of the program's first file, which begins to run when it is imported. */
const more: Surfaces = {
  gateway: { load: async () => (await import('../../src/gateway/main.ts')).gateway },
  dashboard: {
    load: async () => (await import('../../src/gateway/dashboard/dashboard.ts')).dashboard,
  },
  daemon: { load: async () => (await import('../../src/gateway/daemon.ts')).daemon },
}

const help = fc.constantFrom('--help', '-h', 'help')
const stray = fc.oneof(oddText, fc.constantFrom('x', '--', '--no', '-x', '--json', '5'))
const some = fc.array(stray, { maxLength: 3 })
/** At least one word that is not taken: nothing goes on behind it. */
const refused = fc.tuple(some, fc.constantFrom('x', 'too', 'much')).map((all) => all.flat())

const behind: Readonly<Record<string, fc.Arbitrary<readonly Word[]>>> = {
  gateway: fc.oneof(
    fc.tuple(fc.constantFrom('status', 'stop', 'manifest'), some).map((all) => all.flat()),
    fc
      .tuple(fc.constantFrom('run', 'start', 'restart', 'install', 'uninstall'), refused)
      .map((all) => all.flat()),
    some,
  ),
  profile: fc.oneof(
    { weight: 1, arbitrary: some },
    ...[list, show, create, edit, remove, exportOne, install(async () => undefined)].map(
      (verb) => ({
        weight: 1,
        arbitrary: linesFor(grammarOf(verb)).map((line) => line.slice(1)),
      }),
    ),
  ),
  doctor: refused,
  completion: fc.tuple(fc.constantFrom('bash', 'zsh', 'fish', ''), some).map((all) => all.flat()),
  // There is no model to talk to: whoever asks for one is told so.
  chat: fc.tuple(fc.constantFrom('-q', '--query'), stray, some).map((all) => all.flat()),
  mcp: refused,
  dashboard: refused,
  daemon: fc.tuple(fc.constantFrom('--interval', '--max', '-v'), some).map((all) => all.flat()),
}

const lines: fc.Arbitrary<readonly Word[]> = fc.oneof(
  { weight: 2, arbitrary: some },
  ...Object.entries(behind).map(([name, words]) => ({
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom([], [], ['-p', 'writer'], ['kanban']),
        fc.oneof(
          { weight: 9, arbitrary: words },
          { weight: 1, arbitrary: help.map((one) => [one]) },
        ),
      )
      .map(([before, after]): readonly Word[] => [...before, name, ...after]),
  })),
)

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(root: string, argv: readonly string[]): Promise<Ended> {
  const out: string[] = []
  const err: string[] = []
  const host = Object.assign(new EventEmitter(), {
    argv: [process.execPath, 'hermes', ...argv],
    env: { HOME: root, HERMES_KANBAN_HOME: root, PATH: '/usr/bin:/bin' },
    execPath: process.execPath,
    platform: process.platform,
    versions: process.versions,
    pid: process.pid,
    cwd: () => root,
    stdin: Readable.from([]),
    stdout: { write: (text: string) => out.push(text) > 0 },
    stderr: { write: (text: string) => err.push(text) > 0 },
  })
  const code = await main(host as unknown as NodeJS.Process, more)
  return { code, out: out.join(''), err: err.join('') }
}

async function say(root: string, argv: readonly string[]): Promise<void> {
  const { code, out, err } = await run(root, argv)
  const says = JSON.stringify({ argv: argv.map((word) => word.slice(0, 100)), code, err })
  expect([0, 1, 2, 3], says).toContain(code)
  expect(out, says).not.toMatch(obeyed)
  expect(err, says).not.toMatch(obeyed)
  expect(err, says).not.toMatch(/unexpected: |\n\s+at /)
  // A refusal is a sentence; what is asked without a verb is answered with the usage.
  if (code !== 0) expect(out + err, says).toMatch(/\S/)
}

export async function fuzzProgram(size: Size): Promise<void> {
  const home: Home = await newHome()
  // The long-running process asks for the environment of its own.
  for (const [name, value] of Object.entries({ HOME: home.root, HERMES_KANBAN_HOME: home.root })) {
    vi.stubEnv(name, value)
  }
  onTestFinished(() => void vi.unstubAllEnvs())
  // What is printed is what is looked at.
  expect(await run(home.root, ['profile', 'list'])).toMatchObject({
    out: expect.stringMatching(/\S/),
  })
  await always(lines, size, async (line) => {
    await say(home.root, wordsOf(line, home, ['t_none']))
  })
  await home.board.store.read(expectInvariants)
}
