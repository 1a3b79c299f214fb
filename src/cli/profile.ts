/** `hermes profile …`: the names that work can be given to. */

import { hostname } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { openBoard } from '../board/board.ts'
import { chooseBoard } from '../board/places.ts'
import { type Environment, environment, readConfig } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import { nearest } from '../lib/nearest.ts'
import { BoardError } from '../model/error.ts'
import { pathOf } from '../operations/command/grammar.ts'
import { readLeading } from '../operations/command/read.ts'
import { runCommand } from '../operations/command/run.ts'
import { type Context, type Operation, perform } from '../operations/operation.ts'
import { create } from './profile/create.ts'
import { edit } from './profile/edit.ts'
import { exportOne } from './profile/export.ts'
import { type Agree, install } from './profile/install.ts'
import { list } from './profile/list.ts'
import { remove } from './profile/remove.ts'
import { show } from './profile/show.ts'
import { programOf } from './program.ts'
import { terminal } from './terminal.ts'

export async function profile(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const verbs = [list, show, create, edit, remove, exportOne, install(askAt(host))]
  const { given, verbAt } = readLeading(argv)
  const [word, ...words] = argv.slice(verbAt)
  if (word === undefined || word === 'help' || given.has('help')) {
    host.stdout.write(overview(verbs))
    return word === undefined && !given.has('help') ? 2 : 0
  }
  const verb = verbs.find((one) => nameOf(one) === word)
  if (verb === undefined) throw unknown(word, verbs.map(nameOf))
  const facts = environment(host.env)
  const context = contextOf(facts, host)
  const call = (operation: Operation, input: unknown) => perform(operation, input, context)
  return runCommand(verb, words, terminal('hermes', facts, host, call))
}

function nameOf(verb: Operation): string {
  return pathOf(verb).at(-1) ?? ''
}

/** A profile belongs to the machine: whoever asks, also a worker with a shell, is a person here. */
function contextOf(facts: Environment, host: NodeJS.Process): Context {
  return {
    environment: facts,
    board: async () => openBoard(await chooseBoard(facts), systemClock),
    config: async () => (await readConfig(facts.root)).config,
    actor: facts.profile ?? 'user',
    claimant: { host: hostname(), pid: host.pid },
    program: programOf(host),
    signal: new AbortController().signal,
  }
}

/** Shows what it is about in any case; who reads no answer can still be read by whoever looks at the log. */
function askAt({ stdin, stderr }: NodeJS.Process): Agree {
  return async (about) => {
    stderr.write(`${about}\n`)
    if (!stdin.isTTY) return undefined
    const lines = createInterface({ input: stdin, output: stderr })
    const hungUp = new AbortController()
    lines.once('close', () => hungUp.abort())
    try {
      const { signal } = hungUp
      const answer = await lines.question('Install it? [y/N] ', { signal }).catch(() => 'no')
      return /^y(es)?$/i.test(answer.trim())
    } finally {
      lines.close()
    }
  }
}

function overview(verbs: readonly Operation[]): string {
  const rows = verbs.map((verb) => `  ${nameOf(verb).padEnd(8)}  ${verb.summary}`)
  return `${['Usage: hermes profile <verb>', '', 'The names that work can be given to, each with the settings of its workers.', '', 'Verbs:', ...rows, '', 'hermes profile <verb> --help tells more.'].join('\n')}\n`
}

function unknown(word: string, names: readonly string[]): BoardError {
  const meant = nearest(word, names)
  const hint = meant === undefined ? `use ${names.join(', ')}` : `did you mean ${meant}?`
  return new BoardError('usage', `profile has no verb ${JSON.stringify(word)}: ${hint}`)
}
