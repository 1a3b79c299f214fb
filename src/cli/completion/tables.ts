import { quote } from '../../lib/shell.ts'
import type { Completion, Value, Word } from './words.ts'

/** What can be typed where, as functions that bash and zsh both understand. */
export function tables({ next, flags, values }: Completion): string {
  return [
    table('next', 'what comes next: a word and what it is', next, lines),
    table('flags', 'its flags', flags, lines),
    table(
      'value',
      'what stands behind a flag or in a place',
      values,
      (value) => `echo ${quote(valueText(value))}`,
    ),
  ].join('\n')
}

function table<Row>(
  name: string,
  says: string,
  rows: ReadonlyMap<string, Row>,
  body: (row: Row) => string,
): string {
  const cases = [...rows].map(([key, row]) => `    ${pattern(key)}) ${body(row)} ;;`)
  return [
    `# ${says}`,
    `_hermes_kanban_${name}() {`,
    '  case $1 in',
    ...cases,
    '  esac',
    '}',
    '',
  ].join('\n')
}

/** Quoted but for the stars. */
function pattern(key: string): string {
  return key
    .split('*')
    .map((part) => (part === '' && key !== '' ? '' : quote(part)))
    .join('*')
}

function lines(words: readonly Word[]): string {
  const all = words.flatMap(({ word, says }) => [word, says].map(quote))
  return `printf '%s\\t%s\\n' ${all.join(' ')}`
}

export function valueText(value: Value): string {
  return typeof value === 'string' ? value : value.join(' ')
}
