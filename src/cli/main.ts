/** Which part of the program a command line is for. */

import { basename } from 'node:path'
import pkg from '../../package.json' with { type: 'json' }
import { BoardError, exitCode } from '../model/error.ts'
import { machineError } from '../model/system-error.ts'
import type { Surfaces } from './surface.ts'

const own: Surfaces = {
  kanban: {
    summary: 'the board: create, list, show and move tasks',
    load: async (surfaces) => (await import('./kanban.ts')).kanban(surfaces),
  },
  chat: {
    summary: 'talk to a profile, or have one thing done by it',
    words: ['--query', '--skills', '--model', '--profile'],
    load: async () => (await import('./chat.ts')).chat,
  },
  completion: {
    summary: 'what makes a shell complete these commands: bash, zsh or fish',
    words: ['bash', 'zsh', 'fish'],
    load: async (surfaces) => (await import('./completion/completion.ts')).completion(surfaces),
  },
  profile: {
    summary: 'the names that work can be given to: list, show, create, install',
    words: ['list', 'show', 'create', 'edit', 'delete', 'export', 'install'],
    profileAfter: ['show', 'edit', 'delete', 'export'],
    load: async () => (await import('./profile.ts')).profile,
  },
  doctor: {
    summary: 'what works here, what does not, and what to do about it',
    words: ['--json'],
    load: async () => (await import('./doctor.ts')).doctor,
  },
  mcp: {
    summary: 'the board as tools for an agent, on stdin and stdout (MCP)',
    words: ['--operator', '--as', '--board'],
    does: 'Serve the board as tools for an agent, on stdin and stdout (MCP).',
    load: async () => (await import('./mcp.ts')).mcp,
  },
  runner: { load: async () => (await import('./runner.ts')).runner },
}

/** Resolves with the exit code. `more` are the surfaces that this folder may not know. */
export async function main(host: NodeJS.Process, more: Surfaces = {}): Promise<number> {
  const surfaces = { ...own, ...more }
  const [, program = '', ...argv] = host.argv
  try {
    const { name, rest } = route(argv, surfaces, /^hermes-kanban\b/.test(basename(program)))
    if (rest[0] === '--version' || (name === undefined && asksVersion(rest))) {
      host.stdout.write(`${pkg.version}\n`)
      return 0
    }
    const entry = name === undefined ? undefined : surfaces[name]
    if (entry !== undefined) return await (await entry.load(surfaces))(rest, host)
    return await overview(rest[0], surfaces, host)
  } catch (thrown) {
    const error = machineError(thrown) ?? thrown
    // It may quote what was typed. Loaded here, for nobody waits for it who makes no mistake.
    const { neutralise } = await import('../lib/text.ts')
    host.stderr.write(`hermes: ${neutralise(sentence(error, host.env.HERMES_DEBUG === '1'))}\n`)
    return error instanceof BoardError ? exitCode(error.code) : 1
  }
}

function asksVersion([word, ...more]: readonly string[]): boolean {
  return more.length === 0 && (word === '-v' || word === '-V' || word === 'version')
}

/** Left to Node, an error that nobody expected prints a whole minified line. */
function sentence(error: unknown, debug: boolean): string {
  if (error instanceof BoardError) return error.message
  if (!(error instanceof Error)) return `unexpected: ${error}`
  if (debug) return error.stack ?? error.message
  return `unexpected: ${error.message} (HERMES_DEBUG=1 shows where; please report it)`
}

const profileFlag = new Set(['-p', '--profile'])

/** `-p P` may stand before the name of any surface, which then finds it among its own words. */
function route(argv: readonly string[], surfaces: Surfaces, isKanban: boolean) {
  const at = argv.findIndex(
    (word, index) => !word.startsWith('-') && !profileFlag.has(argv[index - 1] ?? ''),
  )
  const word = argv[at]
  if (word !== undefined && Object.hasOwn(surfaces, word)) {
    const rest = argv.toSpliced(at, 1)
    // `hermes-kanban` on a worker's PATH is `hermes kanban`: what is no verb of the board is found after it.
    const [inner] = rest
    const leads = word === 'kanban' && inner !== undefined && Object.hasOwn(surfaces, inner)
    return leads ? { name: inner, rest: rest.slice(1) } : { name: word, rest }
  }
  return { name: isKanban ? 'kanban' : undefined, rest: argv }
}

async function overview(
  word: string | undefined,
  surfaces: Surfaces,
  { stdout, stderr }: NodeJS.Process,
): Promise<number> {
  if (word !== undefined && word !== '--help' && word !== '-h' && word !== 'help') {
    stderr.write(
      profileFlag.has(word)
        ? `hermes: ${word} <profile> stands before a command: see \`hermes --help\`\n`
        : `hermes: unknown command ${await quoted(word)} (${await hintFor(word, surfaces)})\n`,
    )
    return 2
  }
  const shown = Object.entries(surfaces).filter(([, { summary }]) => summary !== undefined)
  const width = Math.max(...shown.map(([name]) => name.length))
  const lines = shown.map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`)
  stdout.write(
    `${['Usage: hermes [-p <profile>] <command>', '', 'Commands:', ...lines, '', 'hermes <command> --help tells more, hermes --version which version this is.'].join('\n')}\n`,
  )
  return 0
}

async function quoted(word: string): Promise<string> {
  const { neutralise } = await import('../lib/text.ts')
  return neutralise(JSON.stringify(word))
}

/** A verb of the board typed without `kanban` is no slip of the fingers. */
async function hintFor(word: string, surfaces: Surfaces): Promise<string> {
  const { firstWords } = await import('../operations/command/find.ts')
  if ((await firstWords()).includes(word)) return `did you mean hermes kanban ${word}?`
  const { nearest } = await import('../lib/nearest.ts')
  const meant = nearest(word, Object.keys(surfaces))
  return meant === undefined ? 'see `hermes --help`' : `did you mean ${meant}?`
}
