import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

export interface Program {
  readonly child: ChildProcess
  readonly pid: number
  /** Words of the first line that it printed. */
  readonly said: readonly string[]
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** A shell script in a process group of its own, once it has printed a line. Killed with the test. */
export async function program(script: string, env: Record<string, string> = {}): Promise<Program> {
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { pid, stdout } = child
  if (pid === undefined) throw new Error('it did not start')
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  onTestFinished(() => endGroup(pid))
  for await (const line of createInterface({ input: stdout })) {
    return { child, pid, said: line.split(' '), ended }
  }
  throw new Error('it ended before it said anything')
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Gone already, which is what most tests are about.
  }
}

/**
 * A child that says its pid and ends, started by `start`, whose parent has become a program by then that
 * never collects it. Linux only.
 */
export function zombie(start = ''): Promise<Program> {
  const child = 'until [ "$(cat /proc/$PPID/comm)" = sleep ]; do :; done; echo $$'
  return program(`${start} sh -c '${child}' & exec sleep 60`)
}

/** For a process that left the group of its program. */
export function killWithTest(pid: number): void {
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone already.
    }
  })
}
