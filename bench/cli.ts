import { spawnSync } from 'node:child_process'
import type { Measurement } from './bench.ts'
import { boardIn, fill } from './boards.ts'
import { bundled, environmentOn } from './bundle.ts'
import { diskFolder } from './folders.ts'
import { compare } from './measure.ts'

/** A whole process, from its start to its end, against one of the same Node that does nothing. */
export const cli: Measurement = async function* ({ quick }) {
  const main = await bundled()
  const root = diskFolder()
  const env = environmentOn(root)
  const board = await boardIn(root)
  fill(board, [{ name: 't', status: 'ready', count: 10, assignees: ['writer'] }])
  await board.store.close()
  const rounds = quick ? 2 : 25
  const pair = await compare(
    async () => run([main, 'kanban', 'list']),
    async () => run(['-e', '0']),
    rounds,
  )
  yield { name: 'hermes kanban list', unit: 'ms', ...pair, target: { ratioAtMost: 2 } }

  function run(args: readonly string[]): number {
    const began = performance.now()
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
    return performance.now() - began
  }
}
