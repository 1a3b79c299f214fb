import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { block, unblock } from '../src/board/block.ts'
import type { Board } from '../src/board/board.ts'
import { create } from '../src/board/create.ts'
import { subscribe } from '../src/board/subscriptions.ts'
import type { Measurement } from './bench.ts'
import { boardIn, input } from './boards.ts'
import { bundled, end, environmentOn } from './bundle.ts'
import { diskFolder } from './folders.ts'
import { median, range, times } from './measure.ts'

/** From the commit of an event to its arrival at a webhook on this machine; and many at once. */
export const notify: Measurement = async function* ({ quick }) {
  const root = diskFolder()
  const receiver = await listen()
  const { port } = receiver.server.address() as AddressInfo
  writeFileSync(
    join(root, 'config.yaml'),
    `gateway:\n  webhooks:\n    bench: {url: "http://127.0.0.1:${port}/", secret_env: SECRET}\n`,
  )
  const board = await boardIn(root)
  const gateway = spawn(process.execPath, [await bundled(), 'gateway', 'run'], {
    env: { ...environmentOn(root), SECRET: 'secret' },
    stdio: 'ignore',
  })
  process.prependOnceListener('exit', () => gateway.kill())
  try {
    const [task = ''] = await tasks(board, 1)
    // The first tells that the gateway is up.
    await latencyOf(board, task, receiver)
    const samples: number[] = []
    await times(quick ? 2 : 20, async () => {
      samples.push(await latencyOf(board, task, receiver))
    })
    const ours = median(samples)
    yield { name: 'event → notifier', unit: 'ms', ours, target: { atMost: 1000 } }

    const many = await tasks(board, quick ? 10 : 200)
    const began = performance.now()
    const all = receiver.count(many.length)
    await board.store.write(async (tx) => {
      for (const id of many) await block(tx, id, {})
    })
    await all
    const rate = (many.length / (performance.now() - began)) * 1000
    yield { name: `event → notifier, ${many.length} at once`, unit: '/s', ours: rate }
  } finally {
    await end(gateway)
    await board.store.close()
    receiver.server.close()
  }
}

interface Receiver {
  readonly server: Server
  /** Resolves when as many more have arrived. */
  count(more: number): Promise<void>
}

async function listen(): Promise<Receiver> {
  let waits = { left: 0, over: () => {} }
  const server = createServer((request, answer) => {
    request.resume().once('end', () => {
      answer.writeHead(204).end()
      waits.left -= 1
      if (waits.left === 0) waits.over()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    server,
    count: (more) =>
      new Promise((over) => {
        waits = { left: more, over }
      }),
  }
}

/** Ready, and the webhook is told of them. */
function tasks(board: Board, count: number): Promise<string[]> {
  return board.store.write(async (tx) => {
    const ids: string[] = []
    for (const _ of range(count)) {
      const { id } = await create(tx, input, 'user')
      await subscribe(
        tx,
        { task_id: id, platform: 'webhook', chat_id: 'bench', thread_id: '' },
        null,
      )
      ids.push(id)
    }
    return ids
  })
}

/** Milliseconds. */
async function latencyOf({ store }: Board, task: string, receiver: Receiver): Promise<number> {
  const arrived = receiver.count(1)
  await store.write((tx) => block(tx, task, {}))
  const committed = performance.now()
  await arrived
  const took = performance.now() - committed
  await store.write((tx) => unblock(tx, task))
  return took
}
