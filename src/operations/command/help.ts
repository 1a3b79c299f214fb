import type { Operation } from '../operation.ts'
import { aliases } from '../registry.ts'
import { everywhere, type Flag, type Grammar, grammarOf, pathOf } from './grammar.ts'
import type { Io } from './io.ts'
import { paint, type Style } from './style.ts'
import { width } from './table.ts'

/** `hermes kanban claim <id> [flags]` */
export function usageOf({ path, places, flags }: Grammar, name: string): string {
  const words = [name, ...path, ...places.map(({ written }) => written)]
  return [...words, ...(flags.length === 0 ? [] : ['[flags]'])].join(' ')
}

export function commandHelp(operation: Operation, name: string, style: Style): string {
  const grammar = grammarOf(operation)
  const command = [name, ...grammar.path].join(' ')
  const { examples = [] } = operation.command ?? {}
  return [
    `Usage: ${usageOf(grammar, name)}`,
    '',
    operation.summary,
    ...rows(
      'Arguments',
      grammar.places.map(({ written, says }) => [written, says]),
      style,
    ),
    ...rows('Flags', grammar.flags.map(flagRow), style),
    ...rows('Flags of every command', everywhere.map(flagRow), style),
    ...rows(
      'Examples',
      examples.map((example) => [`${command} ${example}`, '']),
      style,
    ),
  ].join('\n')
}

/** All commands, a line each; those that begin with the same word share one. */
export function overview(
  operations: readonly Operation[],
  { name, style, beside = [] }: Pick<Io, 'name' | 'style' | 'beside'>,
): string {
  const byWord = Map.groupBy(operations, (operation) => pathOf(operation)[0] ?? '')
  const commands = [...byWord].map(([word, some]): [string, string] => {
    const [only] = some
    if (only === undefined || pathOf(only).length > 1) return [`${word} …`, wordsAfter(some)]
    const others = [...aliases].filter(([, verb]) => verb === word).map(([alias]) => alias)
    return [[word, ...others].join(', '), only.summary]
  })
  const about = ['', 'A durable queue of tasks for people and agents.']
  return listed(name, about, [...commands, ...beside], style)
}

function wordsAfter(operations: readonly Operation[]): string {
  return operations.map((operation) => pathOf(operation).slice(1).join(' ')).join(', ')
}

/** Those of a group, such as `boards`, with which `name` ends. */
export function groupHelp(operations: readonly Operation[], name: string, style: Style): string {
  const commands = operations.map((operation): [string, string] => [
    pathOf(operation).slice(1).join(' '),
    operation.summary,
  ])
  return listed(name, [], commands, style)
}

function listed(
  name: string,
  about: readonly string[],
  commands: readonly (readonly [string, string])[],
  style: Style,
): string {
  return [
    `Usage: ${name} <command> [flags]`,
    ...about,
    ...rows('Commands', commands, style),
    ...rows('Flags of every command', everywhere.map(flagRow), style),
    '',
    `${name} <command> --help tells more.`,
  ].join('\n')
}

function flagRow({ short, long, value, repeats, says }: Flag): readonly [string, string] {
  const written = [short && `${short},`, long, value].filter(Boolean).join(' ')
  return [written, repeats ? `${says}; may be repeated` : says]
}

/** A heading and two columns below it, the second wrapped where there is a width. */
function rows(
  heading: string,
  all: readonly (readonly [string, string])[],
  style: Style,
): string[] {
  if (all.length === 0) return []
  const first = Math.max(...all.map(([term, says]) => (says === '' ? 0 : width(term)))) + 4
  const lines = all.flatMap(([term, says]) => {
    const [line = '', ...more] = wrapped(says, (style.width ?? Number.POSITIVE_INFINITY) - first)
    return [
      `  ${term.padEnd(first - 2)}${line}`.trimEnd(),
      ...more.map((next) => ' '.repeat(first) + next),
    ]
  })
  return ['', paint(style).bold(heading), ...lines]
}

function wrapped(text: string, columns: number): string[] {
  const room = Math.max(20, columns)
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && width(line) + 1 + width(word) <= room)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
