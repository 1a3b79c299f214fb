/**
 * Board files as older programs made them, and a program that knows nothing newer: tables,
 * statements and words of its own, the plain driver, none of our code.
 */

import { DatabaseSync } from 'node:sqlite'

/** Which of the older shapes a file has. Each by itself may have been there with any other. */
export interface Age {
  /** Comments, events and runs: numbered, or with text that is often empty. */
  readonly ids: 'numbers' | 'text'
  readonly runs: boolean
  readonly failures: 'older' | 'current' | 'both' | 'none'
  /** Columns, tables, statuses and indexes of a program that we do not know. */
  readonly theirs: boolean
}

/** Every one of them with every other. */
export const ages: readonly Age[] = (['numbers', 'text'] as const).flatMap((ids) =>
  [true, false].flatMap((runs) =>
    (['older', 'current', 'both', 'none'] as const).flatMap((failures) =>
      [true, false].map((theirs) => ({ ids, runs, failures, theirs })),
    ),
  ),
)

export function ageName({ ids, runs, failures, theirs }: Age): string {
  return [
    `ids: ${ids}`,
    runs ? 'runs' : 'no runs',
    `failures: ${failures}`,
    ...(theirs ? ['things of its own'] : []),
  ].join(', ')
}

/** Makes the file, with a history in it. */
export function makeOlder(file: string, age: Age): void {
  const database = new DatabaseSync(file)
  for (const text of [...tables(age), ...(age.theirs ? theirTables : [])]) database.exec(text)
  fill(database, age)
  if (age.theirs) for (const text of theirRows) database.exec(text)
  database.close()
}

function tables({ ids, runs, failures }: Age): string[] {
  const id = ids === 'text' ? 'id TEXT PRIMARY KEY' : 'id INTEGER PRIMARY KEY AUTOINCREMENT'
  const number = ids === 'text' ? 'TEXT' : 'INTEGER'
  const older = 'spawn_failures INTEGER NOT NULL DEFAULT 0, last_spawn_error TEXT'
  const current = 'consecutive_failures INTEGER NOT NULL DEFAULT 0, last_failure_error TEXT'
  const later = `tenant TEXT, result TEXT, idempotency_key TEXT, worker_pid INTEGER,
    max_runtime_seconds INTEGER, last_heartbeat_at INTEGER, current_run_id ${number},
    workflow_template_id TEXT, current_step_key TEXT, skills TEXT`
  const columns = [
    `id TEXT PRIMARY KEY, title TEXT NOT NULL, body TEXT, assignee TEXT, status TEXT NOT NULL,
      priority INTEGER DEFAULT 0, created_by TEXT, created_at INTEGER NOT NULL,
      started_at INTEGER, completed_at INTEGER, workspace_kind TEXT NOT NULL DEFAULT 'scratch',
      workspace_path TEXT, claim_lock TEXT, claim_expires INTEGER`,
    ...(failures === 'older' || failures === 'both' ? [older] : []),
    ...(failures === 'current' || failures === 'both' ? [current] : []),
    ...(runs ? [later] : []),
  ]
  return [
    `CREATE TABLE tasks (${columns.join(', ')})`,
    'CREATE TABLE task_links (parent_id TEXT NOT NULL, child_id TEXT NOT NULL, PRIMARY KEY (parent_id, child_id))',
    `CREATE TABLE task_comments (${id}, task_id TEXT NOT NULL, author TEXT NOT NULL,
      body TEXT NOT NULL, created_at INTEGER NOT NULL)`,
    `CREATE TABLE task_events (${id}, task_id TEXT NOT NULL, ${runs ? `run_id ${number},` : ''}
      kind TEXT NOT NULL, payload TEXT, created_at INTEGER NOT NULL)`,
    'CREATE INDEX idx_tasks_status ON tasks(status)',
    'CREATE INDEX idx_events_task ON task_events(task_id, created_at)',
    ...(runs
      ? [
          `CREATE TABLE task_runs (${id}, task_id TEXT NOT NULL, profile TEXT, step_key TEXT,
            status TEXT NOT NULL, claim_lock TEXT, claim_expires INTEGER, worker_pid INTEGER,
            max_runtime_seconds INTEGER, last_heartbeat_at INTEGER, started_at INTEGER NOT NULL,
            ended_at INTEGER, outcome TEXT, summary TEXT, metadata TEXT, error TEXT)`,
          `CREATE TABLE kanban_notify_subs (task_id TEXT NOT NULL, platform TEXT NOT NULL,
            chat_id TEXT NOT NULL, thread_id TEXT NOT NULL DEFAULT '', user_id TEXT,
            created_at INTEGER NOT NULL, last_event_id INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (task_id, platform, chat_id, thread_id))`,
          'CREATE INDEX idx_runs_task ON task_runs(task_id, started_at)',
        ]
      : []),
  ]
}

function fill(database: DatabaseSync, { ids, runs, failures }: Age): void {
  const put = (table: string, row: Readonly<Record<string, string | number | null>>) => {
    const names = Object.keys(row)
    database
      .prepare(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      )
      .run(...Object.values(row))
  }
  // Not in the order of the text, and some never had one.
  const id = (n: number) => (ids === 'numbers' ? n : n % 3 === 0 ? null : `e-${(n * 7) % 10}${n}`)
  const failed = (count: number, error: string | null) => ({
    ...(failures === 'older' ? { spawn_failures: count, last_spawn_error: error } : {}),
    ...(failures === 'current' ? { consecutive_failures: count, last_failure_error: error } : {}),
    // Whoever added the current ones has cleared them since; the older ones stand as they were.
    ...(failures === 'both' ? { spawn_failures: count, last_spawn_error: error } : {}),
  })
  const task = (task: string, status: string, more = {}) =>
    put('tasks', { id: task, title: `the ${status} one`, status, created_at: 100, ...more })
  const claim = { claim_lock: 'there:41', claim_expires: 900, started_at: 150 }

  task('t_0000000a', 'done', { completed_at: 200, assignee: 'writer' })
  task('t_0000000b', 'todo')
  task('t_0000000c', 'ready', failed(2, 'command not found'))
  task('t_0000000d', 'running', { ...claim, assignee: 'writer' })
  task('t_0000000e', 'blocked')
  put('task_links', { parent_id: 't_0000000c', child_id: 't_0000000b' })
  put('task_links', { parent_id: 't_0000000a', child_id: 't_0000000c' })
  for (const n of [1, 2, 3, 4]) {
    put('task_comments', {
      id: id(n),
      task_id: 't_0000000a',
      author: 'ann',
      body: `comment ${n}`,
      created_at: 100,
    })
  }
  if (runs) {
    put('task_runs', {
      id: id(1),
      task_id: 't_0000000a',
      profile: 'writer',
      status: 'done',
      started_at: 150,
      ended_at: 200,
      outcome: 'completed',
      summary: 'so it is',
    })
    put('kanban_notify_subs', {
      task_id: 't_0000000b',
      platform: 'telegram',
      chat_id: '7',
      created_at: 100,
      last_event_id: id(4) ?? 0,
    })
  }
  const kinds = ['created', 'ready', 'priority', 'claimed', 'completed', 'spawn_auto_blocked']
  for (const [index, kind] of kinds.entries()) {
    const ofRun = runs && (kind === 'claimed' || kind === 'completed')
    put('task_events', {
      id: id(index + 1),
      task_id: 't_0000000a',
      kind,
      payload: `{"n": ${index}}`,
      created_at: 100 + index,
      ...(ofRun ? { run_id: id(1) } : {}),
    })
  }
}

const theirTables = [
  'ALTER TABLE tasks ADD COLUMN goal_mode INTEGER NOT NULL DEFAULT 0',
  'ALTER TABLE tasks ADD COLUMN goal_max_turns INTEGER',
  "ALTER TABLE task_events ADD COLUMN origin_note TEXT DEFAULT 'none'",
  'CREATE TABLE task_attachments (id INTEGER PRIMARY KEY, task_id TEXT NOT NULL, filename TEXT NOT NULL)',
  'CREATE INDEX idx_events_kind ON task_events(kind)',
  "CREATE VIEW recent AS SELECT * FROM task_events WHERE kind <> 'heartbeat'",
]

const theirRows = [
  `INSERT INTO tasks (id, title, status, created_at, goal_mode, goal_max_turns) VALUES
    ('t_000000f1', 'later', 'scheduled', 100, 1, 5), ('t_000000f2', 'look', 'review', 100, 1, 6)`,
  "INSERT INTO task_attachments (task_id, filename) VALUES ('t_0000000a', 'plan.pdf')",
]

/** What knows the older shape alone. It gives no ids to rows that the file numbers, and none else either. */
export function olderProgram(file: string) {
  const database = new DatabaseSync(file, { timeout: 5000 })
  const has = (column: string) =>
    database.prepare("SELECT 1 FROM pragma_table_info('tasks') WHERE name = ?").get(column) !==
    undefined
  const counts = has('spawn_failures')

  function write(work: () => void): void {
    database.exec('BEGIN IMMEDIATE')
    work()
    database.exec('COMMIT')
  }

  function event(task: string, kind: string): void {
    database
      .prepare('INSERT INTO task_events (task_id, kind, created_at) VALUES (?, ?, 300)')
      .run(task, kind)
  }

  return {
    create(id: string): void {
      write(() => {
        database
          .prepare(
            "INSERT INTO tasks (id, title, status, created_at) VALUES (?, 'new', 'ready', 300)",
          )
          .run(id)
        event(id, 'ready')
      })
    },
    comment(task: string, body: string): void {
      write(() => {
        database
          .prepare(
            "INSERT INTO task_comments (task_id, author, body, created_at) VALUES (?, 'old', ?, 300)",
          )
          .run(task, body)
      })
    },
    claim(id: string): boolean {
      let won = false
      write(() => {
        const { changes } = database
          .prepare(
            "UPDATE tasks SET status = 'running', claim_lock = 'old:1', claim_expires = 5000000000, started_at = 300 WHERE id = ? AND status = 'ready' AND claim_lock IS NULL",
          )
          .run(id)
        won = changes === 1
        if (won) event(id, 'claimed')
      })
      return won
    },
    complete(id: string): void {
      write(() => {
        database
          .prepare(
            "UPDATE tasks SET status = 'done', completed_at = 301, claim_lock = NULL, claim_expires = NULL WHERE id = ?",
          )
          .run(id)
        event(id, 'completed')
      })
    },
    fail(id: string, error: string): void {
      if (!counts) return
      write(() => {
        database
          .prepare(
            'UPDATE tasks SET spawn_failures = spawn_failures + 1, last_spawn_error = ? WHERE id = ?',
          )
          .run(error, id)
      })
    },
    failures: (id: string) =>
      counts
        ? {
            ...database
              .prepare(
                'SELECT spawn_failures AS count, last_spawn_error AS error FROM tasks WHERE id = ?',
              )
              .get(id),
          }
        : undefined,
    tasks: () => database.prepare('SELECT id, title, status FROM tasks ORDER BY id').all(),
    comments: (task: string) =>
      database
        .prepare('SELECT body FROM task_comments WHERE task_id = ? ORDER BY rowid')
        .all(task)
        .map((row) => String(row.body)),
    close: () => database.close(),
  }
}
