import { environment, readConfig } from '../src/config.ts'
import type { Dispatcher } from '../src/dispatcher/dispatcher.ts'
import { createDispatcher } from '../src/dispatcher/dispatcher.ts'
import { systemClock } from '../src/lib/clock.ts'
import { logTo } from '../src/lib/log.ts'
import { profileBook } from '../src/workers/profile-book.ts'
import type { Measurement, Size } from './bench.ts'
import { boardIn, type Crowd, fill, fillLinks } from './boards.ts'
import { diskFolder } from './folders.ts'
import { latency } from './measure.ts'

/** A pass of the dispatcher that finds nothing it could start. */
export const tick: Measurement = async function* ({ quick, large }: Size) {
  const thousands = quick ? [1] : large ? [1, 100, 1000] : [1, 100]
  for (const thousand of thousands) {
    const ours = await passOver(settled(thousand * 1000), quick)
    yield { name: `tick, ${thousand}k tasks at rest`, unit: 'ms', ours, target: { atMost: 1 } }
  }
  const count = quick ? 100 : 10_000
  const nobody = await passOver([{ name: 't', status: 'ready', count }], quick)
  yield { name: 'tick, 10k ready of nobody', unit: 'ms', ours: nobody, target: { atMost: 3 } }
  const lanes = ['ana', 'ben', 'eva', 'ida', 'tom']
  const pulled = await passOver([{ name: 't', status: 'ready', count, assignees: lanes }], quick)
  yield { name: 'tick, 10k ready pulled by hand', unit: 'ms', ours: pulled, target: { atMost: 3 } }
}

/** Mostly done, and a tenth, at most 10,000, waiting for a task that is blocked. */
function settled(count: number): Crowd[] {
  const waiting = Math.min(count / 10, 10_000)
  return [
    { name: 'd', status: 'done', count: count - waiting - 1, assignees: ['writer'] },
    { name: 'w', status: 'todo', count: waiting, assignees: ['writer'] },
    { name: 'b', status: 'blocked', count: 1, assignees: ['writer'] },
  ]
}

async function passOver(crowds: readonly Crowd[], quick: boolean): Promise<number> {
  const root = diskFolder()
  const board = await boardIn(root)
  fill(board, crowds)
  const [, children, parents] = crowds
  if (children !== undefined && parents !== undefined) fillLinks(board, children, parents, 1)
  await board.store.close()
  const dispatcher = await dispatcherOf(root)
  // The first one sweeps all of todo, which it does again after a minute at the soonest.
  await dispatcher.pass()
  const ms = await latency(quick ? 5 : 300, () => dispatcher.pass())
  await dispatcher.close()
  return ms
}

async function dispatcherOf(root: string): Promise<Dispatcher> {
  const facts = environment({ ...process.env, HERMES_KANBAN_HOME: root })
  const { config } = await readConfig(root)
  return createDispatcher({
    environment: facts,
    host: 'host+1',
    program: [],
    config: async () => config,
    profiles: profileBook(root, facts.variables),
    clock: systemClock,
    log: logTo(process.stderr, { clock: systemClock }),
  })
}
