import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('an orchestrator, two researchers and a writer take a goal to a finished text', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['examples/team/run.ts'], {
    encoding: 'utf8',
    timeout: 150_000,
  })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  const lines = stdout.split('\n')
  const at = (beginning: string): number => lines.findIndex((line) => line.startsWith(beginning))
  expect(at('completed  historian')).toBeLessThan(at('spawned    writer'))
  expect(at('completed  botanist')).toBeLessThan(at('spawned    writer'))
  const text = stdout.slice(stdout.indexOf('# Tea'))
  expect(text).toContain('The first tea came to Amsterdam in 1610')
  expect(text).toContain('leaves of one plant')
}, 180_000)
