import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quote, splitWords } from '../../src/lib/shell.ts'

test('a line is split as a shell splits it, and nothing in it is expanded', () => {
  const lines: [string, string[] | undefined][] = [
    ['', []],
    ['  a \t b\n', ['a', 'b']],
    [`a'b c'"d e" f\\ g`, ['ab cd e', 'f g']],
    [`"" '' x`, ['', '', 'x']],
    [`"say \\"hi\\" for \\$5" '\\n'`, ['say "hi" for $5', '\\n']],
    ['a > b | c; $HOME * `d` && e', ['a', '>', 'b', '|', 'c;', '$HOME', '*', '`d`', '&&', 'e']],
    ['a \\\n  b\\\nc', ['a', 'bc']],
    ['"first line\nsecond"', ['first line\nsecond']],
    ["don't", undefined],
    ['a "b', undefined],
    ['a\\', undefined],
  ]
  for (const [line, words] of lines) expect(splitWords(line), line).toEqual(words)
})

test('words are read as they were quoted', () => {
  const words = fc.array(fc.string({ unit: 'binary' }))
  fc.assert(
    fc.property(words, (all) => {
      expect(splitWords(all.map(quote).join(' '))).toEqual(all)
    }),
  )
})

test('a real shell reads a line in the same words', () => {
  const sign = fc.constantFrom('a', 'b', ' ', '\\', "'", '"', '\t', 'é')
  const lines = fc
    .sample(fc.string({ unit: sign, maxLength: 12 }), { numRuns: 300, seed: 7 })
    .filter((line) => splitWords(line) !== undefined)
  const input = lines.map((line) => `printf '%s\\0' next ${line}\n`).join('')
  const { stdout } = spawnSync('sh', ['-s'], { input, encoding: 'utf8' })
  const said = stdout.split('\0').slice(0, -1)
  expect(said).toEqual(lines.flatMap((line) => ['next', ...(splitWords(line) ?? [])]))
})
