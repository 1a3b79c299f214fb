/** Any program as a worker: started behind a gate, its exit code decides. */

import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { identityOf } from '../../lib/process.ts'
import type { Exit } from '../../model/end.ts'
import type { Prepared } from '../prepare.ts'
import type { WorkerProcess } from '../worker.ts'

/** Reads one line from descriptor 3, then becomes the program; end of file sends it home. */
const gate = 'read _ <&3 && exec "$@" 3<&-'

/** Standard input is the brief, standard output and error are the log: files, which no death of ours can break. */
export async function startCommand(prepared: Prepared): Promise<WorkerProcess> {
  const { argv, environment, workspace, input, logFile } = prepared
  const brief = await open(input ?? '/dev/null', 'r')
  const log = await open(logFile, 'a', 0o600)
  try {
    const child = spawn('/bin/sh', ['-c', gate, 'sh', ...argv], {
      cwd: workspace,
      env: environment,
      detached: true,
      stdio: [brief.fd, log.fd, log.fd, 'pipe'],
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
      pid,
      start,
      exited,
      open: () => latch.end('\n'),
      refuse: () => latch.destroy(),
    }
  } finally {
    await brief.close()
    await log.close()
  }
}

function impossible(): Error {
  return new Error('a process without a pid has ended')
}
