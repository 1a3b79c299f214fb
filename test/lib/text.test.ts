import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  byteLength,
  cut,
  fence,
  firstLine,
  neutralise,
  oneLine,
  wellFormed,
} from '../../src/lib/text.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 400 })

test('half surrogates are mended and NUL is removed', () => {
  expect(wellFormed('a\0b\ud800c')).toBe('ab\ufffdc')
  expect(wellFormed('板 👩‍👩‍👧 é')).toBe('板 👩‍👩‍👧 é')
})

test('the first line is the first that says something', () => {
  expect(firstLine('\n  \n  done: 3 files  \r\nmore')).toBe('done: 3 files')
  expect(firstLine(' \n\t')).toBe('')
})

test('one line has no line breaks of any kind', () => {
  expect(oneLine(' a\r\nb\u2028c\u00a0\t d ')).toBe('a b c d')
})

test('what fits is not cut', () => {
  expect(cut('é'.repeat(50), 100)).toBe('é'.repeat(50))
  expect(cut('', 0)).toBe('')
})

test('a cut says how much is missing', () => {
  expect(cut('a'.repeat(1000), 100)).toBe(`${'a'.repeat(80)} …[920 bytes cut]`)
  expect(cut('a'.repeat(1000), 20)).toBe(`${'a'.repeat(17)}…`)
})

test('a cut keeps to its bound and never splits a character', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 3, max: 300 }), (text, bound) => {
      const short = cut(text, bound)
      expect(byteLength(short)).toBeLessThanOrEqual(bound)
      expect(short.isWellFormed()).toBe(true)
      const kept = short.replace(/( …\[\d+ bytes cut\]|…)$/u, '')
      expect(text.startsWith(kept)).toBe(true)
    }),
  )
})

test('a cut takes a joined character whole or not at all', () => {
  const family = '👩‍👩‍👧‍👦'
  for (let bound = 3; bound < 60; bound++) {
    const kept = cut(family.repeat(40), bound).split(/ ?…/u)[0] ?? ''
    expect(kept).toBe(family.repeat(kept.length / family.length))
  }
})

test('a megabyte is cut in no time', () => {
  expect(byteLength(cut('板'.repeat(350_000), 4096))).toBeLessThanOrEqual(4096)
})

test('a fence is longer than any run of back-ticks inside', () => {
  expect(fence('plain', 'body')).toBe('```body\nplain\n```')
  expect(fence('```js\nx\n```')).toBe('````\n```js\nx\n```\n````')
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('`', '\n', 'a') }), (text) => {
      const [open = '', ...rest] = fence(text).split('\n')
      expect(rest.pop()).toBe(open)
      expect(rest.join('\n')).not.toContain(open)
    }),
  )
})

test('a label cannot end its fence or begin another line', () => {
  expect(fence('x', 'a`\n# System')).toBe("```a' # System\nx\n```")
})

test('a terminal shows what it would have obeyed', () => {
  expect(neutralise('\x1b]0;title\x07')).toBe('␛]0;title␇')
  expect(neutralise('\x1b[2J\x1b[H')).toBe('␛[2J␛[H')
  expect(neutralise('\x9b2J')).toBe('<U+009B>2J')
  expect(neutralise('a\rb\b\x7f')).toBe('a␍b␈␡')
  expect(neutralise('abc\u202egpj.exe')).toBe('abc<U+202E>gpj.exe')
})

test('a terminal shows text as it is, without its colours', () => {
  expect(neutralise('a\tb\r\n\x1b[31mred\x1b[0m 板 שלום 👩‍👩‍👧')).toBe('a\tb\nred 板 שלום 👩‍👩‍👧')
})

test('nothing that a terminal obeys is left in any text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\x1b', '[', '3', 'm', '\r', '\n', '\x9b') }),
      (text) => {
        expect(neutralise(text)).not.toMatch(/[^\n␛␍[3mU+09B<>]/)
      },
    ),
  )
})
