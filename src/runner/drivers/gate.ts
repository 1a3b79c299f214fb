import { type ChildProcess, type IOType, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { identityOf } from '../../lib/process.ts'
import type { Exit } from '../../model/end.ts'
import type { WorkerProcess } from '../worker.ts'

/** Reads one line from descriptor 3, then becomes the program; end of file sends it home. */
const gate = 'read _ <&3 && exec "$@" 3<&-'

export interface Gated {
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly workspace: string
  /** Standard input, output and error; descriptors stay the caller's to close. */
  readonly stdio: readonly [IOType | number, IOType | number, IOType | number]
}

/** Starts a program that waits behind a gate, as the leader of a process group of its own. */
export async function startGated(
  what: Gated,
): Promise<{ readonly child: ChildProcess; readonly worker: WorkerProcess }> {
  const child = spawn('/bin/sh', ['-c', gate, 'sh', ...what.argv], {
    cwd: what.workspace,
    env: what.environment,
    detached: true,
    stdio: [...what.stdio, 'pipe'],
  })
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', reject)
  })
  const { pid } = child
  if (pid === undefined) throw await exited.then(impossible, (error: unknown) => error)
  const latch = child.stdio[3] as Writable
  latch.on('error', () => {})
  const start = identityOf(pid)
  if (start === undefined) throw new Error('the worker was gone before it began')
  return {
    child,
    worker: {
      pid,
      start,
      exited,
      open: () => latch.end('\n'),
      refuse: () => latch.destroy(),
    },
  }
}

function impossible(): Error {
  return new Error('a process without a pid has ended')
}
