import { nearest } from '../../lib/nearest.ts'
import type { BoardError } from '../../model/error.ts'
import type { Operation } from '../operation.ts'
import { aliases, allOperations, operationsUnder } from '../registry.ts'
import { pathOf } from './grammar.ts'
import { usageError } from './read.ts'

/** The command that `words` begin with; loads only what the first word can mean. Throws `usage`. */
export async function findCommand(words: readonly string[]): Promise<Operation> {
  const [first = '', ...rest] = words
  const meant = [aliases.get(first) ?? first, ...rest]
  const few = await operationsUnder(meant[0] ?? '')
  const found = few.find((one) => isCommand(one) && begins(meant, pathOf(one)))
  if (found !== undefined) return found
  throw await unknown(words)
}

export async function commands(): Promise<Operation[]> {
  return (await allOperations()).filter(isCommand)
}

/** The words that a command can begin with. */
export async function firstWords(): Promise<string[]> {
  return [...(await commands()).map((one) => pathOf(one)[0] ?? ''), ...aliases.keys()]
}

/** Those below a word such as `boards`; none when it is a command itself, or nothing. */
export async function commandsUnder(word: string): Promise<Operation[]> {
  return (await operationsUnder(word)).filter(
    (one) => isCommand(one) && pathOf(one).length > 1 && pathOf(one)[0] === word,
  )
}

function isCommand(operation: Operation): boolean {
  return operation.command !== undefined
}

function begins(words: readonly string[], path: readonly string[]): boolean {
  return path.every((word, index) => word === words[index])
}

/** A word after the name of a group is looked for in that group. */
async function unknown([first = '', second]: readonly string[]): Promise<BoardError> {
  const group = await commandsUnder(first)
  const names = group.map((one) => pathOf(one)[1] ?? '')
  if (group.length > 0 && second === undefined) {
    return usageError(`${first} needs one of ${names.join(', ')}`)
  }
  const [word, choices] = group.length > 0 ? [second ?? '', names] : [first, await firstWords()]
  const near = nearest(word, choices)
  const hint = near === undefined ? '--help names those there are' : `did you mean ${near}?`
  return usageError(`unknown command ${JSON.stringify(word)}: ${hint}`)
}
