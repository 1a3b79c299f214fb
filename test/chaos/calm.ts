import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { assign } from '../../src/board/assign.ts'
import { block, unblock } from '../../src/board/block.ts'
import { holds, unhold } from '../../src/board/holds.ts'
import { monotonic } from '../../src/lib/clock.ts'
import { sql } from '../../src/store/sql.ts'
import { refusedOrDone, type Scene } from './scene.ts'

const patienceMs = 240_000

/** Lets everything that is left be done, helping along what waits for a person or a quota. `said` is what a failure shows. */
export async function calmDown(
  { store, notes, commands }: Scene,
  said: () => string,
): Promise<void> {
  await Promise.all(
    [...commands].map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')),
  )
  await writeFile(join(notes, 'calm'), '')
  const deadline = monotonic() + patienceMs
  for (;;) {
    const left = await store.read((reader) =>
      reader.all<{ id: string; status: string; waits: number }>(sql`
        select id, status, case when not_before > ${reader.now + 3} then 1 else 0 end as waits
        from tasks where status not in ('done', 'archived')
        union all select task_id, 'ending', 0 from task_runs
          where ended_at is null or (runner_pid is not null and exited_at is null)`),
    )
    if (left.length === 0) return
    if (monotonic() > deadline) throw new Error(`never ended: ${JSON.stringify(left)}\n${said()}`)
    // The quota of one kind of worker holds back all of them; every other hold must end by itself.
    await store.write(async (tx) => {
      for (const { scope, key } of await holds(tx)) {
        if (scope === 'account') await unhold(tx, scope, key)
      }
    })
    for (const { id, status, waits } of left) {
      await refusedOrDone(store, async (tx) => {
        if (status === 'blocked') await unblock(tx, id)
        if (status !== 'ready' || waits === 0) return
        await block(tx, id, {})
        await unblock(tx, id)
        await assign(tx, id, 'steady')
      })
    }
    await pause(200)
  }
}
