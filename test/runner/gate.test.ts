/** No worker runs that the board does not know: its program begins when somebody opens its gate, and never else. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { identityOf, isAlive } from '../../src/lib/process.ts'
import { startGated } from '../../src/runner/drivers/gate.ts'
import { temporaryFolder } from '../lib/folder.ts'

/** A program that writes down its pid. */
function what(folder: string) {
  return {
    argv: ['/bin/sh', '-c', 'echo $$ > began'],
    environment: { PATH: '/usr/bin:/bin' },
    workspace: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  } as const
}

test('the program begins when the gate is opened, as the process that was there before', async () => {
  const folder = temporaryFolder()
  const { worker } = await startGated(what(folder))
  expect(worker.start).toBe(identityOf(worker.pid))
  expect(existsSync(join(folder, 'began'))).toBe(false)
  worker.open()
  expect(await worker.exited).toEqual({ code: 0, signal: null })
  expect(readFileSync(join(folder, 'began'), 'utf8')).toBe(`${worker.pid}\n`)
})

test('a program that is refused never begins', async () => {
  const folder = temporaryFolder()
  const { worker } = await startGated(what(folder))
  worker.refuse()
  expect(await worker.exited).not.toEqual({ code: 0, signal: null })
  expect(existsSync(join(folder, 'began'))).toBe(false)
})

test('a program whose runner is killed at its gate never begins', async () => {
  const folder = temporaryFolder()
  const main = `
    const { startGated } = await import(${JSON.stringify(resolve('src/runner/drivers/gate.ts'))})
    const { worker } = await startGated(${JSON.stringify(what(folder))})
    console.log(worker.pid)
    setInterval(() => {}, 1000)`
  const runner = spawn(process.execPath, ['--input-type=module', '-e', main], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void runner.kill('SIGKILL'))
  const [said] = await once(runner.stdout, 'data')
  const pid = Number(said)
  const start = identityOf(pid) ?? ''
  expect(isAlive(pid, start)).toBe(true)
  runner.kill('SIGKILL')
  while (isAlive(pid, start)) await new Promise((soon) => setTimeout(soon, 5))
  expect(existsSync(join(folder, 'began'))).toBe(false)
})
