/** Board files that another program has given another shape. */

import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect } from 'vitest'
import { newHome } from '../operations/home.ts'
import { newFolder } from '../support/stores.ts'
import { isWhole, openAndRead, rowsIn, wholeBoard } from './board-files.ts'
import { always, type Size } from './odd.ts'

const alterations = [
  'drop table task_events',
  'drop table task_comments',
  'drop table task_runs',
  'drop table kanban_notify_subs',
  'drop table tasks',
  'alter table tasks drop column body',
  'alter table tasks rename column status to state',
  'alter table task_runs rename to task_attempts',
  'alter table tasks add column future text',
  "alter table tasks add column needed text not null default 'x'",
  'alter table task_events add column kind2 blob',
  'create view extra as select * from tasks',
  'drop table task_links; create view task_links as select 1 as parent_id, 2 as child_id',
  'create unique index one_title on tasks (title, id)',
  'create table kanban_later (x)',
  'drop table kanban_holds; create table kanban_holds (x)',
  "create trigger never before insert on task_comments begin select raise(abort, 'no'); end",
  'pragma user_version = 999',
  'pragma application_id = 7',
  'pragma journal_mode = delete',
  'delete from kanban_facts',
  'delete from tasks',
  'drop index if exists tasks_order',
  'vacuum',
]

/** Each is read, or refused with one sentence and left as it is. */
export async function fuzzShapes(size: Size): Promise<void> {
  const whole = await wholeBoard()
  const home = await newHome()
  const file = join(newFolder(), 'kanban.db')
  await always(fc.subarray(alterations, { minLength: 1, maxLength: 3 }), size, async (some) => {
    for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    copyFileSync(whole, file)
    alter(file, some)
    const before = rowsIn(file)
    if ((await openAndRead(file, home)) === 'refused') expect(rowsIn(file)).toEqual(before)
    expect(isWhole(file)).toBe(true)
  })
}

function alter(file: string, some: readonly string[]): void {
  const database = new DatabaseSync(file)
  for (const statement of some) {
    try {
      database.exec(statement)
    } catch {
      // What it is about is gone by another one.
    }
  }
  database.close()
}
