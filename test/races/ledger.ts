/** What the processes of a race say that they did, held against what the board says. */

import { expect } from 'vitest'
import { sql } from '../../src/store/sql.ts'
import type { Store } from '../../src/store/store.ts'
import { expectInvariants } from '../board/invariants.ts'
import type { Report } from './jobs.ts'

/**
 * Every task that was there or was brought is done, once, by the one who says so; every run was
 * opened by one process and ended as that one says, or was taken from it.
 */
export async function expectAgreement(
  store: Store,
  before: readonly string[],
  reports: readonly Report[],
): Promise<void> {
  await store.read(async (reader) => {
    await expectInvariants(reader)
    const expected = [...before, ...reports.flatMap(({ created }) => created)].sort()
    const tasks = await reader.all<{ id: string; status: string }>(
      sql`select id, status from tasks order by id`,
    )
    expect(tasks).toEqual(expected.map((id) => ({ id, status: 'done' })))
    expect(reports.flatMap(({ completed }) => completed).sort()).toEqual(expected)
    const events = await reader.all<{ task_id: string }>(
      sql`select task_id from task_events where kind = 'completed' order by task_id`,
    )
    expect(events.map((event) => event.task_id)).toEqual(expected)
    await expectRuns(reader, reports)
    const comments = await reader.all(sql`select id from task_comments`)
    expect(comments).toHaveLength(reports.reduce((sum, report) => sum + report.comments, 0))
  })
}

type Reader = Parameters<Parameters<Store['read']>[0]>[0]

async function expectRuns(reader: Reader, reports: readonly Report[]): Promise<void> {
  const claimed = reports.flatMap(({ runs }) => Object.entries(runs))
  const claims = new Map(claimed.map(([id, end]) => [Number(id), end]))
  expect(claims.size).toBe(claimed.length)
  const runs = await reader.all<{ id: number; outcome: string }>(
    sql`select id, outcome from task_runs where claim_lock is not null order by id`,
  )
  const ended = runs.map(({ id, outcome }) => [id, outcome === 'reclaimed' ? 'left' : outcome])
  expect(ended).toEqual([...claims].sort(([a], [b]) => a - b))
}
