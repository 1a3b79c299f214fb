import { execFile } from 'node:child_process'
import type { Command } from './service.ts'

export interface Answer {
  /** Null when it could not be run, or took too long. */
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const patienceMs = 90_000

/** Runs a program of the system to its end; never throws. */
export function ask([program, ...args]: Command): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: patienceMs }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      resolve({ code, out, err: err || (error?.message ?? '') })
    })
  })
}

export async function answers(command: Command): Promise<boolean> {
  return (await ask(command)).code === 0
}

/** As somebody would type it. */
export function typed(command: Command): string {
  return command.join(' ')
}
