import { once } from 'node:events'
import { type Board, openBoard } from '../src/board/board.ts'
import { createBoard } from '../src/board/boards.ts'
import { feed } from '../src/board/feed.ts'
import { latestEventId } from '../src/board/history.ts'
import { chooseBoard } from '../src/board/places.ts'
import { environment } from '../src/config.ts'
import { systemClock } from '../src/lib/clock.ts'
import { startCluster } from '../test/support/postgres.ts'
import { findServer } from '../tools/postgres-server.mjs'
import type { Measurement } from './bench.ts'
import { memoryFolder } from './folders.ts'
import { compare, each, median, range, rate, times } from './measure.ts'
import { createIn, cycleOne } from './ours.ts'
import { openPostgresFloor } from './postgres-floor.ts'

/** As many machines at most write at once: each has connections of its own. */
const machines = 8

/**
 * The same verbs on a PostgreSQL that syncs nothing, against the driver alone; nothing without one. The
 * floor takes no lock of the board: what one writer at a time costs shows where many are in flight.
 */
export const postgres: Measurement = async function* ({ quick }) {
  if (findServer() === undefined) return
  const cluster = await startCluster()
  const { open, close } = boardsOn(cluster.url)
  try {
    await open('floor')
    const count = quick ? 32 : 320
    const rounds = quick ? 2 : 11
    for (const flying of [1, 8, 32]) {
      const boards = await Promise.all(range(Math.min(flying, machines)).map(() => open('ours')))
      const floors = await Promise.all(range(flying).map(() => openPostgresFloor(cluster.url)))
      const at = <T>(all: readonly T[], index: number): T => all[index % all.length] as T
      const label = flying === 1 ? 'PostgreSQL' : `PostgreSQL, ${flying} in flight`
      const created = await compare(
        () => rate(count, () => spread(flying, count, (i) => at(boards, i).store.write(createIn))),
        () => rate(count, () => spread(flying, count, (i) => at(floors, i).create())),
        rounds,
      )
      yield { name: `create, ${label}`, unit: '/s', ...created }
      const cycled = await compare(
        async () => {
          const ids = await at(boards, 0).store.write((tx) =>
            Promise.all(range(count).map(() => createIn(tx))),
          )
          return rate(count, () =>
            spread(flying, count, (i) => cycleOne(at(boards, i).store, ids.pop() ?? '')),
          )
        },
        async () => {
          const ids: string[] = []
          await times(count, async () => void ids.push(await at(floors, 0).create()))
          return rate(count, () =>
            spread(flying, count, (i) => at(floors, i).cycle(ids.pop() ?? '')),
          )
        },
        rounds,
      )
      yield { name: `claim + complete, ${label}`, unit: '/s', ...cycled }
      await each(floors, (floor) => floor.close())
      await each(boards, ({ store }) => store.close())
    }
    const [here, there] = [await open('ours'), await open('ours')]
    const ours = await eventElsewhere(here, there, quick ? 5 : 100)
    yield { name: 'event → another machine, PostgreSQL', unit: 'ms', ours, target: { atMost: 50 } }
  } finally {
    await close()
    await cluster.stop()
  }
}

/** Boards of a server, made where there are none yet. */
function boardsOn(url: string) {
  const root = memoryFolder()
  const facts = environment({ HOME: root, HERMES_KANBAN_HOME: root, HERMES_KANBAN_DB: url })
  const made = new Set<string>()
  const opened: Board[] = []
  return {
    async open(slug: string): Promise<Board> {
      if (!made.has(slug)) {
        made.add(slug)
        await createBoard(facts, slug, {}, systemClock)
      }
      const board = await openBoard(await chooseBoard(facts, slug), systemClock)
      opened.push(board)
      return board
    },
    close: () => each(opened, ({ store }) => store.close()),
  }
}

/** `count` times, so many of them at a time, each by a writer of its own. */
async function spread(
  flying: number,
  count: number,
  work: (writer: number) => Promise<unknown>,
): Promise<void> {
  await Promise.all(range(flying).map((writer) => times(count / flying, () => work(writer))))
}

/** Milliseconds from a commit to the machine that waits for it. */
async function eventElsewhere(here: Board, there: Board, count: number): Promise<number> {
  const stop = new AbortController()
  const bell = new EventTarget()
  const since = await there.store.read(latestEventId)
  const heard = (async () => {
    for await (const _ of feed(there.store, since, stop.signal))
      bell.dispatchEvent(new Event('rung'))
  })()
  const took: number[] = []
  await times(count, async () => {
    const rung = once(bell, 'rung')
    await here.store.write(createIn)
    const committed = performance.now()
    await rung
    took.push(performance.now() - committed)
  })
  stop.abort()
  await heard
  return median(took)
}
