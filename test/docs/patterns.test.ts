/** What the documents show is run, and prints what they say. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { workerBin } from '../../src/workers/bin.ts'

const text = readFileSync(join(import.meta.dirname, '../../docs/patterns.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'hermes-patterns-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const main = join(import.meta.dirname, '../../src/main.ts')
const bin = await workerBin(join(folder, 'bin'), [process.execPath, main])

const blocks = [
  ...text.matchAll(/^## (.+)$|^```sh\n([\s\S]*?)^```(?:\n\n```text\n([\s\S]*?)^```)?/gm),
]
const [functions = ''] = blocks.flatMap(([, , script]) => script ?? [])

describe('each pattern does what its page says', () => {
  let title = ''
  let count = 0
  for (const [, heading, script, expected] of blocks) {
    if (heading !== undefined) title = heading
    if (script === undefined || script === functions) continue
    count += 1
    const name = `${title}, block ${count}`
    test(name, () => {
      const home = mkdtempSync(join(folder, 'home-'))
      const { status, stdout, stderr } = spawnSync('/bin/sh', ['-euc', `${functions}${script}`], {
        cwd: home,
        encoding: 'utf8',
        env: {
          HOME: home,
          PATH: `${bin}:${process.env.PATH}`,
          HERMES_KANBAN_HOME: join(home, 'hermes'),
        },
      })
      expect(stderr, name).toBe('')
      expect(status, name).toBe(0)
      expect(told(stdout)).toEqual(told(expected ?? ''))
    })
  }

  test('there are nine', () => {
    expect([...text.matchAll(/^## \d\. /gm)]).toHaveLength(9)
  })
})

/** Ids are chance, and so is the order of tasks of the same second. */
function told(output: string): string[] {
  const lines = output.trimEnd().split('\n')
  return lines.map((line) => line.replace(/\bt_[0-9a-f]+\b/g, 't_').replace(/ +/g, ' ')).sort()
}
