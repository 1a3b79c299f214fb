/** Words that nobody would type, behind every verb of the command line. */

import { join } from 'node:path'
import fc from 'fast-check'
import { expect } from 'vitest'
import { commands } from '../../src/operations/command/find.ts'
import {
  everywhere,
  type Flag,
  type Grammar,
  grammarOf,
} from '../../src/operations/command/grammar.ts'
import { expectInvariants } from '../board/invariants.ts'
import { type Home, newHome } from '../operations/home.ts'
import { always, idOf, oddText, type Size, type Which, which } from './odd.ts'

/** A word as it is, one of the tasks, or a path below the home. */
export type Word = string | { readonly which: Which } | { readonly below: string }

const likely = [
  'writer',
  'default',
  'second',
  'ready',
  'done',
  'all',
  '1h',
  '5',
  '-1',
  '0',
  '{"a":1}',
]
const files = ['out.jsonl', 'missing/out', '', '.', 'kanban.db', 'config.yaml', 'été']

const task: fc.Arbitrary<Word> = which.map((one) => ({ which: one }))
const text: fc.Arbitrary<Word> = fc.oneof(fc.constantFrom(...likely), oddText)
const file: fc.Arbitrary<Word> = fc.constantFrom(...files).map((below) => ({ below }))

function wordFor(key: string, choices: readonly string[] | undefined): fc.Arbitrary<Word> {
  if (key === 'out' || key === 'path') return file
  const usual =
    choices !== undefined ? fc.constantFrom(...choices) : /_id|^parents$/.test(key) ? task : text
  return fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: text })
}

function flagWords({ key, long, short, value, choices, takesMany }: Flag): fc.Arbitrary<Word[]> {
  const name = fc.constantFrom(long, ...(short === undefined ? [] : [short]))
  const values = wordFor(key, choices)
  const some =
    value === undefined
      ? fc.constant<Word[]>([])
      : fc.array(values, { minLength: 1, maxLength: takesMany ? 3 : 1 })
  const whole = fc.tuple(name, some).map(([first, rest]): Word[] => [first, ...rest])
  if (key === 'out' || key === 'path') return whole
  const joined = oddText.map((one): Word[] => [`${long}=${one}`])
  return fc.oneof({ weight: 6, arbitrary: whole }, { weight: 1, arbitrary: joined })
}

/** What it takes, now and then with something missing, too much, or in another order. */
export function linesFor({ path, places, flags }: Grammar): fc.Arbitrary<Word[]> {
  const placed = places.map(({ key, choices, required, takesRest }) =>
    fc.oneof(
      {
        weight: required ? 9 : 4,
        arbitrary: fc.array(wordFor(key, choices), { minLength: 1, maxLength: takesRest ? 3 : 1 }),
      },
      { weight: 1, arbitrary: fc.constant<Word[]>([]) },
    ),
  )
  const known = [...flags, ...everywhere.filter(({ key }) => key !== 'help')]
  const flagged = fc.array(fc.oneof(...known.map(flagWords)), { maxLength: 3 })
  const stray = fc.oneof(
    { weight: 9, arbitrary: fc.constant<Word[]>([]) },
    {
      weight: 1,
      arbitrary: fc.array(fc.oneof(text, fc.constantFrom('--', '--no', '-x', '--help'))),
    },
  )
  return fc
    .tuple(fc.tuple(...placed), flagged, stray)
    .chain(([first, second, third]) =>
      fc.constantFrom([...first, ...second, third], [...second, ...first, third]),
    )
    .map((parts) => [...path, ...parts.flat()])
}

export function wordsOf(line: readonly Word[], home: Home, ids: readonly string[]): string[] {
  return line.map((word) =>
    typeof word === 'string'
      ? word
      : 'below' in word
        ? join(home.root, 'files', word.below)
        : idOf(word.which, ids),
  )
}

/** Signs that a terminal would obey. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
export const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/

async function say(home: Home, takesMany: boolean, argv: readonly string[]): Promise<void> {
  const { code, out, err } = await home.run(...argv)
  const says = JSON.stringify({ argv: argv.map((word) => word.slice(0, 100)), code, err })
  expect([0, 1, 2], says).toContain(code)
  expect(out, says).not.toMatch(obeyed)
  expect(err, says).not.toMatch(obeyed)
  if (code === 0) return
  const lines = err.split('\n')
  if (!takesMany) expect(lines, says).toHaveLength(1)
  for (const line of lines) expect(line, says).toMatch(/^(?!unexpected:|\s+at )\S/)
}

export async function fuzzCommandLine(size: Size): Promise<void> {
  const home = await newHome()
  await home.run('boards', 'create', 'second')
  const ids: string[] = []
  for (let n = 0; n < 8; n += 1) ids.push(await home.create(`task ${n}`, '--assignee', 'writer'))
  const all = await commands()
  const lines = fc.oneof(
    ...all.map((operation) => {
      // Each of several ids is refused in a line of its own.
      const takesMany = operation.command?.each !== undefined
      return linesFor(grammarOf(operation)).map((line) => ({ takesMany, line }))
    }),
  )
  await always(fc.array(lines, { minLength: 1, maxLength: 8 }), size, async (some) => {
    for (const { takesMany, line } of some) await say(home, takesMany, wordsOf(line, home, ids))
    await home.board.store.read(expectInvariants)
  })
}
