/** From words to what stands in each place and behind each flag. Checks the grammar, not the values. */

import { nearest } from '../../lib/nearest.ts'
import { BoardError } from '../../model/error.ts'
import { everywhere, type Flag, type Grammar } from './grammar.ts'

/** Words, or whether a flag without a value is there. */
export type Written = string | readonly string[] | boolean

export type Given = ReadonlyMap<string, Written>

/** `usage` is shown where a place is left empty. Throws `BoardError` with code `usage`. */
export function read(words: readonly string[], grammar: Grammar, usage: string): Given {
  const given = new Map<string, Written>()
  const loose: string[] = []
  const flags = [...grammar.flags, ...everywhere]
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? ''
    if (word === '--') {
      loose.push(...words.slice(at + 1))
      break
    }
    if (isFlag(word)) {
      const found = readFlag(words, at, flags)
      given.set(found.flag.key, added(given.get(found.flag.key), found))
      at = found.next
    } else {
      loose.push(word)
      at += 1
    }
  }
  if (!given.has('help')) fill(given, loose, grammar, usage)
  return given
}

/** What stands before the verb: flags that hold everywhere. Returns the index of the verb as well. */
export function readLeading(words: readonly string[]): { given: Given; verbAt: number } {
  const given = new Map<string, Written>()
  let at = 0
  while (isFlag(words[at] ?? '')) {
    const found = readFlag(words, at, everywhere)
    given.set(found.flag.key, found.value)
    at = found.next
  }
  return { given, verbAt: at }
}

/** `-` is stdin and `-5` a number. */
function isFlag(word: string): boolean {
  return /^-[^\d]/.test(word)
}

interface Found {
  readonly flag: Flag
  readonly value: Written
  /** The index of the first word that is not the flag's. */
  readonly next: number
}

function readFlag(words: readonly string[], at: number, flags: readonly Flag[]): Found {
  const [, name = '', attached] = /^(--?[^=]*)(?:=(.*))?$/s.exec(words[at] ?? '') ?? []
  const flag = flags.find(({ long, short }) => name === long || name === short)
  if (flag === undefined) throw unknown(name, flags)
  if (flag.value === undefined) return { flag, value: truth(attached, flag), next: at + 1 }
  if (attached !== undefined) {
    return { flag, value: flag.takesMany ? [attached] : attached, next: at + 1 }
  }
  const rest = words.slice(at + 1)
  const end = flag.takesMany ? rest.findIndex(isFlag) : 1
  const own = end < 0 ? rest : rest.slice(0, end)
  const [first] = own
  if (first === undefined || flags.some(({ long }) => long === first)) {
    throw usageError(`${flag.long} needs a value: ${flag.long} ${flag.value}`)
  }
  return { flag, value: flag.takesMany ? own : first, next: at + 1 + own.length }
}

/** `--triage`, or in so many words `--triage=false`. */
function truth(attached: string | undefined, { long }: Flag): boolean {
  if (attached === undefined || attached === 'true') return true
  if (attached === 'false') return false
  throw usageError(`${long} takes no value, but true or false: not ${JSON.stringify(attached)}`)
}

function added(before: Written | undefined, { flag, value }: Found): Written {
  if (!flag.repeats || before === undefined) return value
  return [before, value].flat().map(String)
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
