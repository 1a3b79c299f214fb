import { expect, test } from 'vitest'
import { lastWords } from '../../src/lib/last-words.ts'
import { byteLength } from '../../src/lib/text.ts'

const node = `[eval]:1
throw new Error("boom at: last")
^

Error: boom at: last
    at [eval]:1:7
    at runScriptInThisContext (node:internal/vm:219:10) {
  code: 'EBOOM'
}

Node.js v24.0.0
`

test.each([
  ['the only line', 'no disk\n', 'no disk'],
  ['the last line that is not blank', 'begins\n\nno disk\n\n', 'no disk\nbegins'],
  [
    'the last line, though it is indented',
    'usage:\n  --fast\n  --slow',
    '--slow\nusage:\n  --fast',
  ],
  ['the last of a line that is written over', '10 %\r20 %\rno disk', 'no disk\n10 %\n20 %'],
  ['a line without its colours', '\x1b[31mno disk\x1b[0m\n', 'no disk'],
  [
    'the last line of a trace that names its error there',
    'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: boom\n',
    'ValueError: boom\nTraceback (most recent call last):\n  File "a.py", line 1',
  ],
  ['nothing of a log without a word', ' \n\n', ''],
])('first is %s', (_, log, words) => {
  expect(lastWords(log, 400)).toBe(words)
})

test('of a stack trace the line that names the error is first, and the end is kept', () => {
  const words = lastWords(`${'a line\n'.repeat(200)}${node}`, 400).split('\n')
  expect(words[0]).toBe('Error: boom at: last')
  expect(words[1]).toBe('a line')
  expect(words.at(-1)).toBe('Node.js v24.0.0')
  const colours = node.replaceAll(/^ {4}at .*/gm, '\x1b[90m$&\x1b[39m')
  expect(lastWords(colours, 60)).toMatch(/^Error: boom at: last\n.*\nNode\.js v24\.0\.0$/s)
})

test('an error that was met on the way does not hide what was said last', () => {
  expect(lastWords(`${node}gave up: no disk\n`, 400)).toMatch(/^gave up: no disk\n/)
})

test('whole lines are kept, as many as there is room for', () => {
  const log = Array.from({ length: 99 }, (_, number) => `Zeile ${number} über alles`).join('\n')
  const words = lastWords(log, 400)
  expect(byteLength(words)).toBeLessThanOrEqual(400)
  expect(byteLength(words)).toBeGreaterThan(350)
  expect(words).toMatch(/^Zeile 98 über alles(\nZeile \d+ über alles)+\nZeile 97 über alles$/)
  expect(lastWords(`a\n${'é'.repeat(999)}`, 400)).toMatch(/^é+ …\[\d+ bytes cut\]$/)
})
