/** Started by `startPeer`: opens the board, says so, and does its job when it is told to go. */

import { once } from 'node:events'
import { claim } from '../../src/board/claim.ts'
import { comment } from '../../src/board/comment.ts'
import { link } from '../../src/board/links.ts'
import { BoardError } from '../../src/model/error.ts'
import { claimLock } from '../../src/model/lock.ts'
import { sql } from '../../src/store/sql.ts'
import { openPlace } from '../support/places.ts'
import type { Job } from './peer.ts'

const { place, job } = JSON.parse(process.argv[2] ?? '')
const store = await openPlace(place)

function say(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

/** Claims whatever is first in line until nothing is left; what somebody else took first is no fault. */
async function claimAll(): Promise<string[]> {
  const own: string[] = []
  for (;;) {
    const next = await store.read((reader) =>
      reader.get<{ id: string }>(
        sql`select id from tasks where status = 'ready' order by id limit 1`,
      ),
    )
    if (next === undefined) return own
    const lock = claimLock('there', process.pid, own.length.toString(16).padStart(32, '0'))
    try {
      await store.write((tx) => claim(tx, next.id, { lock, ttl: 900, host: null, here: 'here+1' }))
      own.push(next.id)
    } catch (error) {
      if (!(error instanceof BoardError) || error.code !== 'wrong_status') throw error
    }
  }
}

async function doJob(todo: Job): Promise<unknown> {
  switch (todo.do) {
    case 'claim all':
      return claimAll()
    case 'link':
      return store.write((tx) => link(tx, todo.parent, todo.child))
    case 'comment':
      for (let n = 0; n < todo.times; n += 1) {
        await store.write((tx) => comment(tx, todo.task, 'peer', `${process.pid}: ${n}`))
      }
  }
}

say('here')
await once(process.stdin, 'data')
process.stdin.pause()
try {
  say({ done: await doJob(job) })
} catch (error) {
  say({ threw: `${(error as BoardError).code}: ${(error as Error).message}` })
}
await store.close()
