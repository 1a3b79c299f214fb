import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const tests = join(import.meta.dirname, '..')
const page = readFileSync(join(tests, '../docs/guarantees.md'), 'utf8')

test('every claim that stands behind a guarantee is made by a test', () => {
  const rows = page.split('\n').filter((line) => /^\| (?!---|Promise)/.test(line))
  expect(rows.length).toBeGreaterThan(30)
  for (const row of rows) {
    for (const one of row.split(' | ')[1]?.replace(/ \|$/, '').split(' · ') ?? []) {
      const [, file, claim] = /^`([^`]+)`: (.+)$/.exec(one) ?? []
      expect(claim, `${one} names a file and a claim`).toBeDefined()
      expect(readFileSync(join(tests, file as string), 'utf8'), file).toContain(claim)
    }
  }
})
