import { workerContext } from '../src/board/context.ts'
import { list as listTasks } from '../src/board/list.ts'
import { stats } from '../src/board/stats.ts'
import type { Measurement } from './bench.ts'
import { boardIn, type Crowd, fill, fillLinks } from './boards.ts'
import { diskFolder } from './folders.ts'
import { latency, times } from './measure.ts'
import { cycleOne } from './ours.ts'

/** Reading: all tasks of a board, its numbers, and what a worker is told. */
export const list: Measurement = async function* ({ quick }) {
  const count = quick ? 10 : 100
  const board = await boardIn(diskFolder())
  const { store } = board
  const assignees = ['ana', 'ben', 'eva', 'ida', 'tom']
  const tenth = quick ? 10 : 1000
  fill(
    board,
    ['triage', 'todo', 'ready', 'running', 'blocked', 'done', 'done', 'done', 'done', 'done'].map(
      (status, index) => ({ name: `t${index}`, status, count: tenth, assignees }),
    ),
  )
  const all = await latency(count, () => store.read((reader) => listTasks(reader)))
  yield { name: 'list 10k tasks', unit: 'ms', ours: all, target: { atMost: 35 } }
  const numbers = await latency(count, () => store.read(stats))
  yield { name: 'statistics of 10k tasks', unit: 'ms', ours: numbers, target: { atMost: 1 } }

  const parents: Crowd = { name: 'p', status: 'ready', count: 50, assignees: ['writer'] }
  const child: Crowd = { name: 'c', status: 'todo', count: 1, assignees: ['writer'] }
  fill(board, [parents, child])
  fillLinks(board, child, parents, 50)
  let next = 0
  await times(50, () => cycleOne(store, `p_${next++}`))
  const told = await latency(count, () => store.read((reader) => workerContext(reader, 'c_0')))
  yield { name: 'context with 50 parents', unit: 'ms', ours: told, target: { atMost: 2 } }
  await store.close()
}
