/** Plans of the very queries that run: a `Tx` that has each explained before it runs it. */

import { type Sql, sql } from '../../src/store/sql.ts'
import type { Tx } from '../../src/store/store.ts'

/** One access to a table, as the database tells it. */
export interface Step {
  readonly says: string
  /** Reads the whole of a table or of an index. */
  readonly scans: boolean
  /** Reads everything that has a certain status. */
  readonly walksStatus: boolean
  readonly sorts: boolean
}

/** Pushes the steps of every query that goes through onto `steps`. */
export function explaining(tx: Tx, steps: Step[]): Tx {
  async function explain(query: Sql): Promise<void> {
    if (tx.dialect === 'sqlite') {
      const rows = await tx.all<{ detail: string }>(prefixed('explain query plan ', query))
      steps.push(...rows.map(({ detail }) => sqliteStep(detail)))
    } else {
      const rows = await tx.all<{ 'QUERY PLAN': string }>(prefixed('explain (format json) ', query))
      for (const row of rows) {
        for (const { Plan } of JSON.parse(row['QUERY PLAN'])) steps.push(...postgresSteps(Plan))
      }
    }
  }
  return {
    now: tx.now,
    dialect: tx.dialect,
    async all(query) {
      await explain(query)
      return tx.all(query)
    },
    async get(query) {
      await explain(query)
      return tx.get(query)
    },
    async insert(query) {
      await explain(query)
      return tx.insert(query)
    },
    async run(query) {
      await explain(query)
      return tx.run(query)
    },
  }
}

/** Partial indexes: as small as the number of runs that are under way. */
const small = /\bhk_runs_(open|process)$/

/** A fresh text at each call, so that no cache of texts takes it for another. */
function prefixed(prefix: string, query: Sql): Sql {
  return { strings: [prefix, ''], parts: [query] }
}

function sqliteStep(detail: string): Step {
  return {
    says: detail,
    scans: /^SCAN (?!.*VIRTUAL TABLE|CONSTANT ROW)/.test(detail) && !small.test(detail),
    walksStatus: /\(status=\?/.test(detail),
    sorts: detail === 'USE TEMP B-TREE FOR ORDER BY',
  }
}

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly Node[]
}

function postgresSteps(node: Node): Step[] {
  const type = node['Node Type']
  const condition = node['Index Cond'] ?? ''
  const isSmall = small.test(node['Index Name'] ?? '')
  const own: Step = {
    says: [type, node['Relation Name'], node['Index Name'], condition].filter(Boolean).join(' '),
    scans: type === 'Seq Scan' || (type.startsWith('Index') && condition === '' && !isSmall),
    walksStatus: condition.startsWith('(status ='),
    sorts: type === 'Sort',
  }
  return [own, ...(node.Plans ?? []).flatMap(postgresSteps)]
}

/** Ten thousand tasks that wait for five parents each, as many that are done, and some of everything else. */
export async function fill(tx: Tx): Promise<void> {
  const insert = (text: string) => tx.run({ strings: [text], parts: [] })
  const count = (from: number, to: number) => `with recursive n(i) as (
    select ${from} union all select i + 1 from n where i < ${to})`
  const tasks = (from: number, to: number, status: string) =>
    insert(`insert into tasks (id, title, assignee, status, priority, created_at, created_by)
      ${count(from, to)}
      select 't_' || (10000000 + i), 'task ' || i, 'p' || (i % 7), '${status}', i % 5, ${tx.now} - i,
        'user' from n`)
  await tasks(0, 999, 'blocked')
  await tasks(1000, 1999, 'ready')
  await tasks(10_000, 19_999, 'todo')
  await tasks(30_000, 39_999, 'done')
  await insert(`insert into task_links (parent_id, child_id) ${count(0, 49_999)}
    select 't_' || (10000000 + (i / 5 * 7 + i % 5 * 131) % 1000), 't_' || (10010000 + i / 5) from n`)
  await insert(`insert into task_runs (task_id, profile, status, started_at, ended_at, outcome)
    select id, assignee, 'done', created_at, created_at, 'completed' from tasks where status = 'done'`)
  await insert(`insert into task_events (task_id, kind, created_at)
    select id, 'created', created_at from tasks order by id`)
  await insert(`insert into task_comments (task_id, author, body, created_at)
    select id, 'user', 'a word', created_at from tasks where status = 'done'`)
  if (tx.dialect === 'postgres') await tx.run(sql`analyze`)
}
