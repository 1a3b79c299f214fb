/** Processes that race each other on a board. */

import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'
import type { Place } from '../support/places.ts'
import type { Job, Report } from './jobs.ts'

const program = fileURLToPath(new URL('./peer-program.ts', import.meta.url))

/** Does the jobs on one board at the same moment, each in a process of its own. Rejects when one of them throws. */
export type Race = (place: Place | WayOf, jobs: readonly Job[]) => Promise<Report[]>

/** How the process with that number comes to the board. */
type WayOf = (nth: number) => Place

/** To be called where tests are described: the processes live as long as these tests. */
export function crew(size: number): Race {
  let peers: readonly Peer[] = []
  beforeAll(async () => {
    peers = Array.from({ length: size }, startPeer)
    await Promise.all(peers.map((peer) => peer.answer()))
  }, 60_000)
  afterAll(() => {
    for (const { child } of peers) child.kill('SIGKILL')
  })
  return (place, jobs) => {
    if (jobs.length > size) throw new Error(`${jobs.length} jobs for ${size} processes`)
    return Promise.all(
      peers.slice(0, jobs.length).map(({ child, answer }, n) => {
        const way = typeof place === 'function' ? place(n) : place
        child.stdin?.write(`${JSON.stringify({ place: way, job: jobs[n] })}\n`)
        return answer()
      }),
    )
  }
}

interface Peer {
  readonly child: ChildProcess
  answer(): Promise<Report>
}

function startPeer(): Peer {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return {
    child,
    async answer() {
      const { value, done } = await lines.next()
      if (done) throw new Error('a peer has ended')
      const { report, threw } = JSON.parse(value)
      if (threw !== undefined) throw new Error(threw)
      return report
    },
  }
}
