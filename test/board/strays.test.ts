/** A run that another program has left open on a task at rest: whatever moves the task closes it first. */

import { expect, test } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { block, unblock } from '../../src/board/block.ts'
import { complete } from '../../src/board/complete.ts'
import { link, unlink } from '../../src/board/links.ts'
import { move } from '../../src/board/move.ts'
import { openParents } from '../../src/board/parents.ts'
import { reopen } from '../../src/board/reopen.ts'
import { shift } from '../../src/board/shift.ts'
import { sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'
import { expectInvariants } from './invariants.ts'
import { forEachBoard, make, runRows, take, taskIn, taskRow } from './support.ts'

type Act = (tx: Tx, id: string) => Promise<unknown>

const moves: readonly (readonly [what: string, from: string, act: Act])[] = [
  ['a claim', 'ready', (tx, id) => take(tx, id)],
  ['a completion', 'ready', (tx, id) => complete(tx, id, {})],
  ['a completion', 'blocked', (tx, id) => complete(tx, id, { summary: 'so' })],
  ['a block', 'ready', (tx, id) => block(tx, id, { reason: 'why' })],
  ['an unblock', 'blocked', (tx, id) => unblock(tx, id)],
  ['putting away', 'done', (tx, id) => archive(tx, id)],
  ['putting away', 'todo', (tx, id) => archive(tx, id)],
  ['letting out', 'triage', (tx, id) => move(tx, 'specify', id)],
  ['parking', 'ready', (tx, id) => shift(tx, id, 'triage')],
  ['parking', 'blocked', (tx, id) => shift(tx, id, 'triage')],
  ['reopening', 'done', (tx, id) => reopen(tx, id)],
  ['reopening', 'archived', (tx, id) => reopen(tx, id)],
  [
    'completing the last parent',
    'todo',
    async (tx, id) => complete(tx, await parentOf(tx, id), {}),
  ],
  ['unlinking the last parent', 'todo', async (tx, id) => unlink(tx, await parentOf(tx, id), id)],
  ['a new parent', 'ready', async (tx, id) => link(tx, await make(tx), id)],
]

forEachBoard((open) => {
  for (const [what, from, act] of moves) {
    test(`${what} closes a run that was left open on a task that was ${from}`, async () => {
      const store = await open()
      const { id, stray } = await store.write(async (tx) => {
        const id = await taskIn(tx, from)
        return { id, stray: await leaveOpen(tx, id) }
      })
      await store.write((tx) => act(tx, id))
      await store.read(async (reader) => {
        const runs = await runRows(reader, id)
        expect(runs.find((run) => run.id === stray)).toMatchObject({
          outcome: 'reclaimed',
          summary: `left open on a task that was ${from}`,
        })
        expect((await taskRow(reader, id)).current_run_id).not.toBe(stray)
        await expectInvariants(reader)
      })
    })
  }

  test('reopening a parent closes a run that was left open on a child that was ready', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const parent = await taskIn(tx, 'done')
      const id = await make(tx, { parents: [parent] })
      const stray = await leaveOpen(tx, id)
      await reopen(tx, parent)
      expect(await runRows(tx, id)).toMatchObject([{ id: stray, outcome: 'reclaimed' }])
      await expectInvariants(tx)
    })
  })
})

/** As a program leaves it that moves a running task without closing its run. */
async function leaveOpen(tx: Tx, id: string): Promise<number | undefined> {
  const run = await tx.insert(sql`
    insert into task_runs (task_id, profile, status, started_at)
    values (${id}, 'theirs', 'running', ${tx.now})`)
  await tx.run(sql`update tasks set current_run_id = ${run ?? null} where id = ${id}`)
  return run
}

async function parentOf(tx: Tx, id: string): Promise<string> {
  return (await openParents(tx, id))[0]?.id ?? ''
}
