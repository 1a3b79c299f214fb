/** From words to what stands in each place and behind each flag. Checks the grammar, not the values. */

import type { ParseArgsOptionsConfig } from 'node:util'
import { nearest } from '../../lib/nearest.ts'
import { BoardError } from '../../model/error.ts'
import { everywhere, type Flag, type Grammar } from './grammar.ts'

// An import of it makes each of its exports, with half of Node behind them: 2 ms, a tenth of a start.
const { parseArgs } = process.getBuiltinModule('node:util')

/** Words, or whether a flag without a value is there. */
export type Written = string | readonly string[] | boolean

export type Given = ReadonlyMap<string, Written>

/** `usage` is shown where a place is left empty. Throws `BoardError` with code `usage`. */
export function read(words: readonly string[], grammar: Grammar, usage: string): Given {
  const flags = [...grammar.flags, ...everywhere]
  const given = new Map<string, Written>()
  const loose: string[] = []
  let many: Flag | undefined
  for (const token of tokensOf(words, flags)) {
    if (token.kind === 'positional' && many !== undefined) {
      add(given, many, token.value)
    } else if (token.kind === 'positional') {
      loose.push(token.value)
    } else if (token.kind === 'option') {
      const flag = take(given, token, flags)
      many = flag.takesMany && !token.inlineValue ? flag : undefined
    } else {
      many = undefined
    }
  }
  if (!given.has('help')) fill(given, loose, grammar, usage)
  return given
}

/** What stands before the verb: flags that hold everywhere. Returns the index of the verb as well. */
export function readLeading(words: readonly string[]): { given: Given; verbAt: number } {
  const given = new Map<string, Written>()
  for (const token of tokensOf(words, everywhere)) {
    if (token.kind !== 'option') return { given, verbAt: token.index }
    take(given, token, everywhere)
  }
  return { given, verbAt: words.length }
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]
type OptionToken = Token & { kind: 'option' }

/** Node's own parser, which takes anything: what is meant and what is wrong is said here. */
function tokensOf(words: readonly string[], flags: readonly Flag[]): Token[] {
  const options: ParseArgsOptionsConfig = {}
  for (const { long, short, value } of flags) {
    options[long.slice(2)] = {
      type: value === undefined ? 'boolean' : 'string',
      ...(short === undefined ? {} : { short: short.slice(1) }),
    }
  }
  const args = words.map((word) => (isText(word) ? `${shield}${word}` : word))
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true })
  return tokens.map((token) =>
    token.kind !== 'option-terminator' && token.value?.startsWith(shield)
      ? ({ ...token, value: token.value.slice(shield.length) } as Token)
      : token,
  )
}

/** `-5` is a number, and `- a point` the line of a list: no flag of ours begins like that. */
function isText(word: string): boolean {
  return /^-[\d\s]/.test(word)
}

/** Before a text that would be taken for a flag. No argument of a program begins with it. */
const shield = '\0'

function take(given: Map<string, Written>, token: OptionToken, flags: readonly Flag[]): Flag {
  const { rawName, value } = token
  const flag = flags.find(({ long, short }) => rawName === long || rawName === short)
  if (flag === undefined) throw unknown(rawName, flags)
  if (flag.value === undefined) {
    given.set(flag.key, truth(value, flag))
    return flag
  }
  const isNext = !token.inlineValue && flags.some(({ long }) => long === value)
  if (value === undefined || isNext) {
    throw usageError(`${flag.long} needs a value: ${flag.long} ${flag.value}`)
  }
  add(given, flag, value)
  return flag
}

function add(given: Map<string, Written>, flag: Flag, value: string): void {
  const before = flag.repeats || flag.takesMany ? given.get(flag.key) : undefined
  const first = flag.takesMany ? [value] : value
  given.set(flag.key, before === undefined ? first : [before, value].flat().map(String))
}

/** `--triage`, or in so many words `--triage=false`. */
function truth(value: string | undefined, { long }: Flag): boolean {
  if (value === undefined || value === 'true') return true
  if (value === 'false') return false
  throw usageError(`${long} takes no value, but true or false: not ${JSON.stringify(value)}`)
}

/** Words by position; the same field by position and by flag is both, as in `block <id> --ids <id...>`. */
function fill(
  given: Map<string, Written>,
  loose: readonly string[],
  { places }: Grammar,
  usage: string,
): void {
  for (const [index, place] of places.entries()) {
    const words = place.takesRest ? loose.slice(index) : loose.slice(index, index + 1)
    const [first] = words
    if (first === undefined && place.required) {
      throw usageError(`${place.written} is missing: ${usage}`)
    }
    if (first === undefined) continue
    const value = place.takesRest ? words : first
    const flagged = given.get(place.key)
    given.set(place.key, flagged === undefined ? value : [value, flagged].flat().map(String))
  }
  const extra = loose.slice(places.length)
  if (extra.length === 0 || places.at(-1)?.takesRest) return
  const said = extra.map((word) => JSON.stringify(word)).join(' ')
  throw usageError(`${said} is too much: ${usage}; a text of several words stands in quotes`)
}

function unknown(name: string, flags: readonly Flag[]): BoardError {
  const meant = nearest(
    name,
    flags.map(({ long }) => long),
  )
  const hint = meant === undefined ? '--help names those there are' : `did you mean ${meant}?`
  return usageError(`unknown flag ${name}: ${hint}`)
}

export function usageError(sentence: string): BoardError {
  return new BoardError('usage', sentence)
}
