/**
 * Comments, events and runs whose ids are text, as the earliest boards had them: often empty, never
 * in order, and no cursor can be compared with them. They are numbered in the order in which they
 * were written, and what refers to them follows.
 */

import { sql, verbatim } from '../../store/sql.ts'
import type { Tx } from '../../store/store.ts'
import { affinity, type Shape } from './shape.ts'
import type { ShapeStep } from './step.ts'

/** Columns that hold the number of a row, by table. Runs first: the others name them. */
const numbers: Readonly<Record<string, readonly string[]>> = {
  task_runs: ['id'],
  task_events: ['id', 'run_id'],
  task_comments: ['id'],
  tasks: ['current_run_id'],
}

export const textIds: ShapeStep = {
  needed: (shape) => Object.keys(numbers).some((table) => textual(shape, table).length > 0),
  async apply(tx, shape) {
    for (const table of Object.keys(numbers)) {
      const columns = textual(shape, table)
      if (columns.length > 0) await rebuild(tx, shape, table, columns.includes('id'))
    }
  },
}

function textual({ tables }: Shape, table: string): string[] {
  return [...(tables.get(table) ?? [])]
    .filter(([name, { type }]) => isTextId(table, name, type))
    .map(([name]) => name)
}

/** Whether a column that should hold a number holds text. */
export function isTextId(table: string, column: string, type: string): boolean {
  return numbers[table]?.includes(column) === true && affinity(type) === 'text'
}

/** In place of a rename, which would fail on any view that somebody made of the table. */
async function rebuild(tx: Tx, shape: Shape, table: string, renumber: boolean): Promise<void> {
  const columns = await columnsOf(tx, table)
  const belongings = await tx.all<{ sql: string }>(sql`
    select sql from sqlite_schema
    where lower(tbl_name) = ${table} and type in ('index', 'trigger') and sql is not null`)
  const kept = columns.map(({ name }) => quoted(name)).join(', ')
  const given = columns.map(({ name }) => (renumber && name === 'id' ? 'rowid' : quoted(name)))

  await run(`create temp table hk_older as select ${kept} from main.${table} order by rowid`)
  await run(`drop table main.${table}`)
  await run(`create table main.${table} (${columns.map((c) => define(c, table)).join(', ')})`)
  await run(
    `insert into main.${table} (${kept}) select ${given.join(', ')} from hk_older order by rowid`,
  )
  for (const { sql: text } of belongings) await run(text)
  if (renumber) {
    await run('create index temp.hk_older_id on hk_older (id)')
    for (const text of followers(shape, table)) await run(text)
  }
  await run('drop table temp.hk_older')

  function run(text: string): Promise<number> {
    return tx.run(verbatim(text))
  }
}

/** Statements that lead what named a row by its old id to the new one. */
function followers({ tables }: Shape, table: string): string[] {
  const found = (column: string) =>
    `(select rowid from hk_older where id = cast(${column} as text))`
  const has = (owner: string, column: string) => tables.get(owner)?.has(column) === true
  const follow = (owner: string, column: string) =>
    has(owner, column)
      ? [`update ${owner} set ${column} = ${found(column)} where ${column} is not null`]
      : []
  if (table === 'task_runs') {
    return [...follow('task_events', 'run_id'), ...follow('tasks', 'current_run_id')]
  }
  if (table !== 'task_events' || !has('kanban_notify_subs', 'last_event_id')) return []
  // A cursor that fits no event goes to the end: nobody wants the whole history in a chat.
  return [
    `update kanban_notify_subs set last_event_id = coalesce(${found('last_event_id')},
       (select max(rowid) from hk_older), 0)`,
  ]
}

interface Column {
  readonly name: string
  readonly type: string
  readonly not_null: number
  readonly default_value: string | null
  readonly is_key: number
}

function columnsOf(tx: Tx, table: string): Promise<Column[]> {
  return tx.all<Column>(sql`
    select case when lower(name) = 'id' then 'id' else name end as name, type,
      "notnull" as not_null, dflt_value as default_value, pk > 0 as is_key
    from pragma_table_info(${table}) order by cid`)
}

function define({ name, type, not_null, default_value, is_key }: Column, table: string): string {
  if (name === 'id' && table !== 'tasks') return 'id integer primary key autoincrement'
  return [
    quoted(name),
    numbers[table]?.includes(name.toLowerCase()) ? 'integer' : type,
    is_key ? 'primary key' : '',
    not_null ? 'not null' : '',
    default_value === null ? '' : `default (${default_value})`,
  ].join(' ')
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
