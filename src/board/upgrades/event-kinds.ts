import type { EventKind } from '../../model/event.ts'
import type { Index } from '../../store/schema.ts'
import { sql, words } from '../../store/sql.ts'
import type { RowStep } from './step.ts'

const renamed = {
  ready: 'promoted',
  priority: 'reprioritized',
  spawn_auto_blocked: 'gave_up',
} as const satisfies Record<string, EventKind>

const older = Object.keys(renamed) as [string, ...string[]]
const isOlder = sql`kind in (${words(...older)})`

/**
 * Empty but for what an older program has just written: whether there is anything to rename is seen
 * at once, however long the history.
 */
export const olderKindsIndex: Index = {
  name: 'hk_events_older_kinds',
  table: 'task_events',
  columns: ['kind'],
  where: `kind in (${older.map((kind) => `'${kind}'`).join(', ')})`,
}

export const eventKinds: RowStep = {
  needed: async (reader) =>
    (await reader.get(sql`select 1 from task_events where ${isOlder} limit 1`)) !== undefined,
  async apply(tx) {
    for (const [from, to] of Object.entries(renamed)) {
      await tx.run(sql`
        update task_events set kind = ${to} where ${isOlder} and kind = ${from}`)
    }
  },
}
