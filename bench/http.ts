import { once } from 'node:events'
import { WebSocket } from 'ws'
import { comment } from '../src/board/comment.ts'
import { edit } from '../src/board/edit.ts'
import { latestEventId } from '../src/board/history.ts'
import { environment, readConfig } from '../src/config.ts'
import { surroundings } from '../src/dispatcher/surroundings.ts'
import { createAccess } from '../src/http/access/access.ts'
import { installationToken } from '../src/http/access/token.ts'
import { createApp } from '../src/http/app.ts'
import { keepBoards } from '../src/http/boards.ts'
import { base } from '../src/http/route.ts'
import { serveDashboard } from '../src/http/serve.ts'
import type { Board as Answer } from '../src/http/types.ts'
import { systemClock } from '../src/lib/clock.ts'
import { silent } from '../src/lib/log.ts'
import type { Measurement } from './bench.ts'
import { boardIn, fillWeeks } from './boards.ts'
import { diskFolder } from './folders.ts'
import { latency, median, times } from './measure.ts'

const host = '127.0.0.1:9119'

/** What a page asks for: all of a board, whether it is as it was, what changed; and how soon it is told. */
export const http: Measurement = async function* ({ quick }) {
  const count = quick ? 3 : 60
  const root = diskFolder()
  await fillWeeks(root, quick ? 10 : 1000)
  const { ask, touch, close } = await serving(root)

  // Not read: it has been written by then, and a client's part is not measured.
  const whole = await latency(count, () => ask(''))
  yield { name: 'GET /board, 10k tasks', unit: 'ms', ours: whole, target: { atMost: 80 } }

  const { headers } = await ask('')
  const known = { 'if-none-match': headers.get('etag') ?? '' }
  const same = await latency(count, async () => {
    const { status } = await ask('', known)
    if (status !== 304) throw new Error(`${status} in place of 304`)
  })
  yield { name: 'the same, unchanged (304)', unit: 'ms', ours: same, target: { atMost: 3 } }

  const { latest_event_id } = (await (await ask('')).json()) as Answer
  let since = latest_event_id
  const answers: number[] = []
  await times(count, async () => {
    await touch()
    const took = await latency(1, () => ask(`?since=${since}`))
    const answer = (await (await ask(`?since=${since}`)).json()) as Answer
    if (answer.whole) throw new Error('the whole board in place of what changed')
    since = answer.latest_event_id
    answers.push(took)
  })
  const changed = median(answers)
  yield {
    name: 'the same, after one change (since)',
    unit: 'ms',
    ours: changed,
    target: { atMost: 5 },
  }
  await close()

  const told = await eventToSocket(root, quick ? 3 : 100)
  yield { name: 'event → socket', unit: 'ms', ours: told, target: { atMost: 50 } }
}

function home(root: string) {
  const facts = environment({ HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH })
  return { environment: facts, config: async () => (await readConfig(root)).config }
}

/** Everything but the network, which would measure the client as well. */
async function serving(root: string) {
  const { environment: facts, config } = home(root)
  const boards = keepBoards(facts, systemClock)
  const access = createAccess({ token: await installationToken(root), port: 9119, hosts: [] })
  const app = createApp({
    ...{ environment: facts, config, log: silent, boards, access },
    around: surroundings({ environment: facts, config, boards: boards.all }),
    gateway: async () => null,
    ...{ program: [], pid: process.pid, page: root, signal: new AbortController().signal },
  })
  const headers = { host, authorization: `Bearer ${access.token()}` }
  let next = 0
  return {
    ask: async (query: string, more: Record<string, string> = {}) =>
      app.request(`http://${host}${base}/board${query}`, { headers: { ...headers, ...more } }),
    async touch() {
      const { store } = await boards.open()
      next += 1
      await store.write((tx) => edit(tx, 't1_7', { title: `Another title ${next}` }))
    },
    close: () => boards.close(),
  }
}

/** Milliseconds from the commit of another program to the message, over the network. */
async function eventToSocket(root: string, count: number): Promise<number> {
  const dashboard = await serveDashboard({
    ...{ ...home(root), clock: systemClock, log: silent, by: 'dashboard', port: 0 },
    ...{ pid: process.pid, program: [], gateway: async () => null },
  })
  const token = await installationToken(root)
  const board = await boardIn(root)
  const since = await board.store.read(latestEventId)
  const url = `${dashboard.url.replace('http', 'ws')}${base}/events?since=${since}`
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token()}` } })
  await once(socket, 'open')
  const took: number[] = []
  await times(count, async () => {
    const message = once(socket, 'message')
    await board.store.write((tx) => comment(tx, 't1_7', 'user', 'hello'))
    const committed = performance.now()
    await message
    took.push(performance.now() - committed)
  })
  socket.terminate()
  await board.store.close()
  await dashboard.close()
  return median(took)
}
