/** Other processes at work on the same board. */

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { placeOf } from '../support/stores.ts'

const program = fileURLToPath(new URL('./peer-program.ts', import.meta.url))

export type Job =
  | { readonly do: 'claim all' }
  | { readonly do: 'link'; readonly parent: string; readonly child: string }
  | { readonly do: 'comment'; readonly task: string; readonly times: number }

export interface Answer {
  readonly done?: unknown
  /** Code and sentence. */
  readonly threw?: string
}

/** Starts a process for each job; once all have the board open, they begin together. */
export async function together(store: Store, jobs: readonly Job[]): Promise<Answer[]> {
  const peers = await Promise.all(jobs.map((job) => startPeer(store, job)))
  return Promise.all(peers.map((go) => go()))
}

async function startPeer(store: Store, job: Job): Promise<() => Promise<Answer>> {
  const child = spawn(process.execPath, [program, JSON.stringify({ place: placeOf(store), job })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  await lines.next()
  return async () => {
    child.stdin.write('go\n')
    const { value, done } = await lines.next()
    if (done) throw new Error('a peer ended without an answer')
    return JSON.parse(value)
  }
}
