/** Another process that has the same store open and does what it is told. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Place } from './places.ts'

const program = fileURLToPath(new URL('./peer-program.ts', import.meta.url))

export interface Peer {
  /** Resolves with its answer, or rejects with the code and the sentence of what it threw. */
  ask(command: Command, argument?: string): Promise<string>
  /** Closes its input, and waits for it to end by itself. Resolves with its exit code. */
  end(): Promise<number>
  kill(): Promise<void>
}

export type Command = 'open' | 'add' | 'count' | 'hold' | 'let go' | 'watch'

/** Starts one; it is ended with the test. As another user where `uid` is given (root may do that). */
export async function startPeer(place: Place, uid?: number): Promise<Peer> {
  const child = spawn(process.execPath, [program, JSON.stringify(place)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    uid,
  })
  const exit = once(child, 'exit') as Promise<[number]>
  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await exit
  }
  onTestFinished(kill)
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]()

  async function answer(): Promise<string> {
    const { value, done } = await answers.next()
    if (done) throw new Error('the peer has ended')
    const { said, threw } = JSON.parse(value)
    if (threw !== undefined) throw new Error(threw)
    return said
  }

  await answer()
  return {
    ask(command, argument = '') {
      child.stdin.write(`${JSON.stringify({ command, argument })}\n`)
      return answer()
    },
    async end() {
      child.stdin.end()
      const [code] = await exit
      return code
    },
    kill,
  }
}
