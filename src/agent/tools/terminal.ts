/** Commands, each in a process group of its own, so that all of it can be ended. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { endProcesses, groupIsEmpty, identityOf } from '../../lib/process.ts'
import { neutralise } from '../../lib/text.ts'
import { ends } from './bound.ts'
import { outputOf } from './output.ts'
import { defineTool, type Result, type Tool } from './tool.ts'

/** Bytes of output that a model is shown. */
const longestOutput = 30_000

/** Milliseconds between TERM and KILL. */
const graceMs = 3000

export interface Shell {
  readonly tool: Tool
  /** Ends what commands have left running in the background. */
  close(): Promise<void>
  /** The same at once, for a process that is about to end. */
  kill(): void
}

export interface ShellOptions {
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Seconds that a command may take at most. */
  readonly longest: number
}

/** Models write for bash. */
const program = existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh'

export function shell({ folder, environment, longest }: ShellOptions): Shell {
  const groups = new Map<number, string | undefined>()
  const usual = Math.min(120, longest)
  const tool = defineTool({
    name: 'terminal',
    says: `Run a command in ${program}, in your folder, and read what it prints. There is no terminal behind it: nothing can be typed. What goes on for long needs timeout_seconds (at most ${longest}); what is to run beside your work ends with & and has its output in a file. It is ended when you end.`,
    acts: true,
    input: z.object({
      command: z.string().min(1).describe('one line or a script'),
      timeout_seconds: z.number().min(1).max(longest).optional().describe(`${usual} when left out`),
    }),
    about: ({ command }) => command,
    run: ({ command, timeout_seconds = usual }, signal) =>
      run(command, timeout_seconds * 1000, signal),
  })

  async function run(command: string, timeoutMs: number, signal: AbortSignal): Promise<Result> {
    const child = spawn(program, ['-c', command], {
      cwd: folder,
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = outputOf(child)
    const exited = once(child, 'exit')
    const { pid } = child
    // It could not be started: this says why.
    if (pid === undefined) throw await exited
    groups.set(pid, identityOf(pid))
    const how = await firstOf(exited, timeoutMs, signal)
    if (how !== 'exited') await endGroup(pid)
    const [code, by] = await exited
    await output.end()
    signal.throwIfAborted()
    if (groupIsEmpty(pid)) groups.delete(pid)
    const said = ends(neutralise(output.text()), longestOutput)
    const left = groups.has(pid) ? '; something of it is still running' : ''
    const head =
      how === 'overtime' ? overtime(timeoutMs) : by ? `ended by ${by}` : `exit code ${code}`
    return { text: `${head}${left}\n${said}`.trimEnd(), failed: code !== 0 }
  }

  async function endGroup(pgid: number): Promise<void> {
    await endProcesses({ pgid, start: groups.get(pgid) ?? null, graceMs })
    groups.delete(pgid)
  }

  return {
    tool,
    async close() {
      await Promise.all([...groups.keys()].map(endGroup))
    },
    kill() {
      for (const pgid of groups.keys()) {
        try {
          process.kill(-pgid, 'SIGKILL')
        } catch {
          // Gone already.
        }
      }
    },
  }
}

function overtime(ms: number): string {
  return `ended after ${ms / 1000} seconds, its limit`
}

async function firstOf(
  exited: Promise<unknown>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<'exited' | 'overtime' | 'stopped'> {
  const over = new AbortController()
  const both = AbortSignal.any([signal, over.signal])
  try {
    return await Promise.race([
      exited.then(() => 'exited' as const),
      pause(timeoutMs, 'overtime' as const, { signal: both }).catch(() => 'stopped' as const),
    ])
  } finally {
    over.abort()
  }
}
