import { BoardError, exitCode } from '../../model/error.ts'
import { parse } from '../../model/parse.ts'
import { machineError } from '../../model/system-error.ts'
import { deed, isLive, type Operation, spoken } from '../operation.ts'
import { commands, commandsUnder, findCommand } from './find.ts'
import { grammarOf, keys, pathOf } from './grammar.ts'
import { commandHelp, groupHelp, overview, usageOf } from './help.ts'
import { type Input, inputsOf, spelled } from './input.ts'
import type { Asked, Io } from './io.ts'
import { harmless, json } from './output.ts'
import { type Given, read, readLeading } from './read.ts'
import { unexpected } from './unexpected.ts'

/**
 * Does what a command line asks: `argv` is what stands after the program's name. Resolves with the
 * exit code: 0 done, 1 refused or failed, 2 not understood. Never throws.
 */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<number> {
  try {
    const { given, verbAt } = readLeading(argv)
    const words = argv.slice(verbAt)
    const [first] = words
    if (first === undefined || given.has('help')) return await help(words, io)
    if (first === 'help') return await help(words.slice(1), io)
    if (asksHelp(words[1]) && words.length === 2) return await help([first], io)
    const operation = await findCommand(words)
    return await runCommand(operation, words.slice(pathOf(operation).length), io, given)
  } catch (error) {
    return report(error, io)
  }
}

/** As `runCommandLine`, of a command that is known: `words` are what stands after its name, `before` what stood before it. */
export async function runCommand(
  operation: Operation,
  words: readonly string[],
  io: Io,
  before: Given = new Map(),
): Promise<number> {
  try {
    const grammar = grammarOf(operation)
    const given = read(words, grammar, usageOf(grammar, io.name))
    if (given.has('help')) {
      io.out(commandHelp(operation, io.name, io.style))
      return 0
    }
    return await runEach(operation, new Map([...before, ...given]), io)
  } catch (error) {
    return report(error, io)
  }
}

function asksHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h'
}

async function help(words: readonly string[], io: Io): Promise<number> {
  const [first, second] = words
  const group = first === undefined || second !== undefined ? [] : await commandsUnder(first)
  if (first === undefined) io.out(overview(await commands(), io))
  else if (group.length > 0) io.out(groupHelp(group, `${io.name} ${first}`, io.style))
  else io.out(commandHelp(await findCommand(words), io.name, io.style))
  return 0
}

/** Once for each id that is named; goes on after a refusal. */
async function runEach(operation: Operation, given: Given, io: Io): Promise<number> {
  const inputs = await inputsOf(operation, given, io)
  const codes: number[] = []
  for (const input of inputs) {
    try {
      await runOne(operation, input, given, io)
      codes.push(0)
    } catch (error) {
      codes.push(report(error, io, operation))
    }
  }
  const failed = codes.find((code) => code !== 0) ?? 0
  return inputs.length > 1 ? Math.min(failed, 1) : failed
}

async function runOne(operation: Operation, raw: Input, given: Given, io: Io): Promise<void> {
  // Here as well as where it is done: what is wrong is said before a board is made or a socket opened.
  const input = parse(operation.input, raw, deed(operation))
  const result = await io.call(operation, input, askedIn(given))
  if (!isLive(result)) {
    await print(operation, input, result, given, io)
    return
  }
  if (!io.live) {
    throw new BoardError(
      'forbidden',
      `${spoken(operation)} prints as it goes, which cannot be shown here: use it in a terminal`,
    )
  }
  const begins = io.style.width === undefined ? undefined : operation.command?.begins?.(result)
  if (begins !== undefined) io.err(harmless(begins))
  for await (const item of result) await print(operation, input, item, given, io)
}

function askedIn(given: Given): Asked {
  const text = (key: string): string | undefined => given.get(key)?.toString()
  return { board: text('board'), profile: text('profile'), author: text(keys.author) }
}

async function print(
  operation: Operation,
  input: Input,
  result: unknown,
  given: Given,
  io: Io,
): Promise<void> {
  const { command } = operation
  if (command === undefined) return
  if (given.get(keys.json) === true) {
    await io.out(json(typeof command.json === 'function' ? command.json(result) : result))
    const warning = command.warns?.(result)
    if (warning !== undefined) io.err(harmless(warning))
    return
  }
  const shown = harmless(result)
  const text = command.render(shown, harmless(input), io.style)
  if (text !== '') await io.out(text)
  const hint = command.warns?.(shown) ?? command.hint?.(shown, input)
  if (hint !== undefined) io.err(hint)
}

function report(thrown: unknown, io: Io, operation?: Operation): number {
  // An upgrade may have taken away what a command is loaded from.
  const error = machineError(thrown) ?? thrown
  if (error instanceof BoardError) {
    io.err(harmless(operation === undefined ? error.message : spelled(error, operation)))
    return exitCode(error.code)
  }
  io.err(harmless(unexpected(error, io.debug)))
  return 1
}
