/** What a command takes, read from its binding: the words themselves are written there once. */

import type { Operation } from '../operation.ts'
import { choicesOf, defaultOf, kindOf, type Schema, says } from './schema.ts'

export interface Flag {
  /** The field that it sets, or its own name where it stands for several. */
  readonly key: string
  readonly long: string
  readonly short: string | undefined
  /** `<text>`; undefined for a flag that is there or not. */
  readonly value: string | undefined
  /** `--ids a b c` takes every word up to the next flag. */
  readonly takesMany: boolean
  /** Given again, it adds to what was given. */
  readonly repeats: boolean
  readonly choices?: readonly string[] | undefined
  readonly says: string
}

/** What is taken by position. */
interface Place {
  readonly key: string
  /** `<title>`, `[reason...]` */
  readonly written: string
  readonly required: boolean
  readonly takesRest: boolean
  readonly choices: readonly string[] | undefined
  readonly says: string
}

export interface Grammar {
  /** The words of the command. */
  readonly path: readonly string[]
  readonly places: readonly Place[]
  readonly flags: readonly Flag[]
}

/** Where a flag's value is no field of the input. */
export const keys = { author: '--author', json: '--json' } as const

export const everywhere: readonly Flag[] = [
  flag('board', '--board <slug>', 'the board; else the one that is pinned, or current'),
  flag('profile', '-p, --profile <profile>', 'act as this profile'),
  flag('help', '-h, --help', 'print this'),
]

export function grammarOf(operation: Operation): Grammar {
  const { positional = {}, flags = {}, shorthands = [], author, json } = operation.command ?? {}
  return {
    path: pathOf(operation),
    places: Object.entries(positional).map(([field, written]) => place(operation, field, written)),
    flags: [
      ...Object.entries(flags).map(([field, written]) => fieldFlag(operation, field, written)),
      ...shorthands.map((shorthand) => flag(shorthand.flag, shorthand.flag, shorthand.says)),
      ...(author === undefined ? [] : [flag(keys.author, author, 'the name to act under')]),
      ...(json === undefined ? [] : [flag(keys.json, '--json', 'print JSON')]),
    ],
  }
}

/** The words after the program's name. */
export function pathOf(operation: Operation): readonly string[] {
  return operation.command?.path ?? operation.name.split('_')
}

/** `--body <text>`, `-f, --follow`, `--ids <id...>` */
export function flag(key: string, written: string, description: string, repeats = false): Flag {
  const [, short, long = written, value] = /^(?:(-\w), )?(--[\w-]+)(?: (.+))?$/.exec(written) ?? []
  return {
    key,
    long,
    short,
    value,
    takesMany: value?.includes('...') ?? false,
    repeats,
    says: description,
  }
}

function fieldFlag(operation: Operation, field: string, written: string): Flag {
  const schema = schemaOf(operation, field)
  const repeats = kindOf(schema) === 'list' || operation.command?.each === field
  const description = `${says(schema)}${usual(schema)}${besides(operation, field)}`
  return { ...flag(field, written, description, repeats), choices: choicesOf(schema) }
}

function place(operation: Operation, key: string, written: string): Place {
  const schema = schemaOf(operation, key)
  return {
    key,
    written,
    required: written.startsWith('<'),
    takesRest: written.includes('...'),
    choices: choicesOf(schema),
    says: `${says(schema)}${besides(operation, key)}`,
  }
}

function usual(schema: Schema): string {
  const value = kindOf(schema) === 'number' ? defaultOf(schema) : undefined
  return value === undefined ? '' : `; ${value} when left out`
}

/** People try `@file`, which is a text like any other. */
function besides({ command }: Operation, field: string): string {
  return command?.stdin === field ? '; - is what is on stdin, all else the text itself' : ''
}

function schemaOf(operation: Operation, field: string) {
  const schema = operation.input.shape[field]
  if (schema === undefined) throw new TypeError(`${operation.name} has no field ${field}`)
  return schema
}
