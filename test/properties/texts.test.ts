/** Whatever text comes in comes back as it was given, or is refused in a sentence that can be read. */

import { expect, test } from 'vitest'
import { backfill } from '../../src/board/backfill.ts'
import { block, unblock } from '../../src/board/block.ts'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { workerContext } from '../../src/board/context.ts'
import { create } from '../../src/board/create.ts'
import { edit } from '../../src/board/edit.ts'
import { getTask } from '../../src/board/find.ts'
import { heartbeat } from '../../src/board/heartbeat.ts'
import { hold, holds } from '../../src/board/holds.ts'
import { list } from '../../src/board/list.ts'
import { reclaim } from '../../src/board/reclaim.ts'
import { settle } from '../../src/board/settle.ts'
import { show } from '../../src/board/show.ts'
import { byteLength, wellFormed } from '../../src/lib/text.ts'
import type { End } from '../../src/model/end.ts'
import { BoardError } from '../../src/model/error.ts'
import { parse } from '../../src/model/parse.ts'
import { newTask, type Task } from '../../src/model/task.ts'
import { expectInvariants } from '../board/invariants.ts'
import { forEachBoard, make, take } from '../board/support.ts'
import { oddTexts } from './odd-texts.ts'

/** Every text that a new task is made from, and where it is found again. */
const fields: Record<string, (task: Task) => unknown> = {
  title: (task) => task.title,
  body: (task) => task.body,
  assignee: (task) => task.assignee,
  tenant: (task) => task.tenant,
  branch: (task) => task.branch_name,
  idempotency_key: (task) => task.idempotency_key,
  model: (task) => task.model_override,
  skills: (task) => task.skills[0],
  workspace_path: (task) => task.workspace_path,
}

const kept = (field: string, text: string): string => {
  if (field === 'body') return wellFormed(text)
  const trimmed = wellFormed(text).trim()
  return field === 'assignee' ? trimmed.toLowerCase() : trimmed
}

const policy = { limit: 5, source: 'default', delay: 5 } as const

forEachBoard((open) => {
  for (const [what, odd] of Object.entries(oddTexts)) {
    test(`${what}: kept in every field of a new task, or refused`, async () => {
      const store = await open()
      for (const [field, found] of Object.entries(fields)) {
        const input = { title: 'work', workspace_kind: 'dir', workspace_path: '/x', [field]: odd }
        try {
          const made = parse(newTask, input, 'create the task')
          const { id } = await store.write((tx) => create(tx, made, 'user'))
          const task = await store.read((reader) => getTask(reader, id))
          expect(found(task) === kept(field, odd), field).toBe(true)
        } catch (error) {
          if (!(error instanceof BoardError)) throw error
          expect(error.code).toBe('invalid')
          expect(error.message).toContain(`cannot create the task: ${field} must`)
          expect(error.message.length).toBeLessThan(200)
        }
      }
      await store.read(async (reader) => {
        expect(await list(reader, { archived: true })).not.toHaveLength(0)
        await expectInvariants(reader)
      })
    })

    test(`${what}: kept in everything that is said about a task`, async () => {
      const store = await open()
      const said = wellFormed(odd)
      const id = await store.write(async (tx) => {
        const id = await make(tx, { assignee: 'writer' })
        await edit(tx, id, { title: said, body: said })
        await comment(tx, id, said, said)
        const fence = await take(tx, id)
        await heartbeat(tx, id, { fence, note: said, ttl: 60 })
        await block(tx, id, { fence, reason: said })
        await unblock(tx, id, said)
        await take(tx, id)
        await reclaim(tx, id, said, said)
        const metadata = JSON.parse(JSON.stringify({ [odd]: [odd, { deep: odd }] }))
        await complete(tx, id, { summary: said, result: said, metadata })
        await backfill(tx, id, { summary: said })
        await hold(tx, { scope: 'task', key: id, until: null, reason: said, by: said })
        return id
      })
      await store.read(async (reader) => {
        const { task, runs, comments, events } = await show(reader, id, 100)
        expect([task.title === said, task.body === said, task.result === said]).toEqual([
          true,
          true,
          true,
        ])
        expect(comments.map(({ author, body }) => author === said && body === said)).toEqual([true])
        expect(runs.map(({ outcome }) => outcome)).toEqual(['blocked', 'reclaimed', 'completed'])
        expect(runs[0]?.summary === said).toBe(true)
        expect(runs[1]?.error === `manual_reclaim: ${said}`).toBe(true)
        expect(runs[2]?.summary === said).toBe(true)
        expect(JSON.stringify(runs[2]?.metadata)).toBe(
          JSON.stringify({ [odd]: [odd, { deep: odd }] }),
        )
        expect(events.every(({ payload }) => payload !== null)).toBe(true)
        expect((await holds(reader))[0]?.reason === said).toBe(true)
        const context = await workerContext(reader, id)
        expect(byteLength(context)).toBeLessThan(64 * 1024)
        const outsideFences = context.replace(/^(`{3,}).*\n[\s\S]*?\n\1$/gm, '')
        expect(outsideFences.match(/^# /gm)).toHaveLength(1)
        await expectInvariants(reader)
      })
    })

    // Nobody has looked at it before: it comes out of a worker's log, whatever that printed.
    test(`${what}: as the last words of a worker it closes the run all the same`, async () => {
      const store = await open()
      const ends: End[] = [
        { how: 'exited', pid: 7, exit: { code: 1, signal: null }, said: odd },
        { how: 'exited', pid: 7, exit: { code: 75, signal: null }, said: odd },
        { how: 'not_started', error: odd, counted: true, profile: 'writer' },
        { how: 'not_started', error: odd, counted: false },
        { how: 'stopped', exit: null, reason: odd },
        { how: 'exited', pid: 7, exit: { code: 0, signal: null }, said: odd },
      ]
      for (const end of ends) {
        const { id, fence } = await store.write(async (tx) => {
          const id = await make(tx)
          return { id, fence: await take(tx, id) }
        })
        await store.write((tx) => settle(tx, id, fence, end, policy))
        const { task, runs } = await store.read((reader) => show(reader, id, 10))
        expect(task.current_run_id).toBe(null)
        expect(runs[0]?.exited_at).not.toBe(null)
        const told = runs[0]?.error ?? runs[0]?.summary ?? ''
        expect(told).not.toBe('')
        expect(told).toBe(wellFormed(told))
        expect(byteLength(runs[0]?.error ?? '')).toBeLessThanOrEqual(500)
      }
      await store.read(expectInvariants)
    })
  }

  test('an empty summary hides no result from the tasks that wait for it', async () => {
    const store = await open()
    const context = await store.write(async (tx) => {
      const id = await make(tx)
      const child = await make(tx, { parents: [id] })
      const fence = await take(tx, id)
      await complete(tx, id, { fence, summary: ' ', result: 'the answer is 42' })
      expect((await show(tx, id, 5)).latest_summary).toBe('the answer is 42')
      // As another program may have left it.
      await tx.run({ strings: ["update task_runs set summary = ''"], parts: [] })
      return workerContext(tx, child)
    })
    expect(context).toContain('the answer is 42')
  })

  test('metadata of a hundred levels is kept, and of thousands refused with nothing changed', async () => {
    const store = await open()
    const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)
    const id = await store.write((tx) => make(tx))
    for (const levels of [101, 10_000, 200_000]) {
      const metadata = nested(levels)
      const refused = store.write((tx) => complete(tx, id, { summary: 'so', metadata }))
      await expect(refused).rejects.toMatchObject({ code: 'invalid' })
    }
    expect((await store.read((reader) => getTask(reader, id))).status).toBe('ready')
    const metadata = nested(100)
    await store.write((tx) => complete(tx, id, { metadata }))
    const refused = store.write((tx) => backfill(tx, id, { metadata: nested(101) }))
    await expect(refused).rejects.toMatchObject({ code: 'invalid' })
    const { runs } = await store.read((reader) => show(reader, id, 5))
    expect(runs.map((run) => run.metadata)).toEqual([metadata])
  })
})
