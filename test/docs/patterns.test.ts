/** What the documents show is run, and prints what they say. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { workerBin } from '../../src/workers/bin.ts'
import { blocksOf, lines, run } from './blocks.ts'

const text = readFileSync(join(import.meta.dirname, '../../docs/patterns.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'hermes-patterns-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const main = join(import.meta.dirname, '../../src/main.ts')
const bin = await workerBin(join(folder, 'bin'), [process.execPath, main])

const blocks = blocksOf(text)
const functions = blocks[0]?.script ?? ''

describe('each pattern does what its page says', () => {
  for (const [count, { section, script, prints }] of blocks.slice(1).entries()) {
    const name = `${section}, block ${count + 1}`
    test(name, async () => {
      const home = mkdtempSync(join(folder, 'home-'))
      const { status, stdout, stderr } = await run(`${functions}${script}`, home, {
        HOME: home,
        PATH: `${bin}:${process.env.PATH}`,
        HERMES_KANBAN_HOME: join(home, 'hermes'),
      })
      expect(stderr, name).toBe('')
      expect(status, name).toBe(0)
      // The order of tasks of the same second is chance too.
      expect(lines(stdout).sort()).toEqual(lines(prints).sort())
    })
  }

  test('there are nine', () => {
    expect([...text.matchAll(/^## \d\. /gm)]).toHaveLength(9)
  })
})
