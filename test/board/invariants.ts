/** I1–I12 of the board, as queries whose every row is a violation. */

import { expect } from 'vitest'
import { statusNames } from '../../src/model/status.ts'
import { sql } from '../../src/store/sql.ts'
import type { Reader } from '../../src/store/store.ts'

const open = sql`exists (
  select 1 from task_links l join tasks p on p.id = l.parent_id
  where l.child_id = t.id and p.status not in ('done', 'archived'))`

const violations = {
  'I1 a current run exists and is open': sql`
    select t.id from tasks t left join task_runs r on r.id = t.current_run_id
    where t.current_run_id is not null and (r.id is null or r.ended_at is not null)`,
  'I2 an open run is some task’s current run': sql`
    select r.id from task_runs r where r.ended_at is null
      and (select count(*) from tasks t where t.current_run_id = r.id) <> 1`,
  'I4 a claim is held exactly while running': sql`
    select t.id from tasks t where (t.status = 'running') <> (t.claim_lock is not null)
      or (t.status = 'running' and (t.claim_expires is null or t.current_run_id is null))`,
  'I5 nothing ends before it starts': sql`select id from task_runs where ended_at < started_at`,
  'I6 an outcome and an end come together': sql`
    select id from task_runs where (outcome is null) <> (ended_at is null)`,
  'I8 an event’s run exists': sql`
    select e.id from task_events e left join task_runs r on r.id = e.run_id
    where e.run_id is not null and r.id is null`,
  'I9 nothing waits for nothing, and nothing is ready too early': sql`
    select t.id from tasks t
    where (t.status = 'todo' and not ${open}) or (t.status = 'ready' and ${open})`,
  'I10 at most one open run a task': sql`
    select task_id from task_runs where ended_at is null group by task_id having count(*) > 1`,
  'I11 the links have no circle': sql`
    with recursive below(ancestor, id) as (
      select parent_id, child_id from task_links
      union select b.ancestor, l.child_id from below b join task_links l on l.parent_id = b.id)
    select id from below where ancestor = id`,
  'I12 nothing is done twice without a reopen between': sql`
    select a.task_id from task_events a join task_events b
      on b.task_id = a.task_id and b.id > a.id
    where a.kind = 'completed' and b.kind = 'completed' and not exists (
      select 1 from task_events m where m.task_id = a.task_id and m.kind = 'status'
        and m.id > a.id and m.id < b.id)`,
}

/** Fails with the name and the rows of every invariant that does not hold. */
export async function expectInvariants(reader: Reader): Promise<void> {
  const broken: Record<string, unknown> = {}
  for (const [name, query] of Object.entries(violations)) {
    const rows = await reader.all(query)
    if (rows.length > 0) broken[name] = rows
  }
  const statuses = await reader.all<{ status: string }>(sql`select distinct status from tasks`)
  const odd = statuses.filter(({ status }) => !statusNames.some((name) => name === status))
  if (odd.length > 0) broken['I3 every status is one of ours'] = odd
  expect(broken).toEqual({})
}
