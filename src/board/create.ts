import { taskId } from '../lib/ids.ts'
import { BoardError } from '../model/error.ts'
import { satisfying } from '../model/status.ts'
import type { NewTask } from '../model/task.ts'
import { anyOf, sql, words } from '../store/sql.ts'
import type { Tx } from '../store/store.ts'
import { record } from './record.ts'

export interface Created {
  readonly id: string
  readonly status: string
  /** False when the idempotency key was in use: `id` is the task that has it, nothing was written. */
  readonly created: boolean
}

/** `parents` are whole ids. Throws `meaningless` with all parents that do not exist. */
export async function create(
  tx: Tx,
  input: NewTask,
  by: string,
  newId: () => string = taskId,
): Promise<Created> {
  const twin = input.idempotency_key ? await withKey(tx, input.idempotency_key) : undefined
  if (twin !== undefined) return { ...twin, created: false }
  const waits = await anyOpen(tx, input.parents)
  const status = input.triage ? 'triage' : waits ? 'todo' : 'ready'
  const skills = input.skills.length === 0 ? null : JSON.stringify(input.skills)
  const id = await underFreeId(newId, (id) =>
    tx.run(sql`
      insert into tasks (id, title, body, assignee, status, priority, created_by, created_at,
        workspace_kind, workspace_path, branch_name, tenant, idempotency_key, max_runtime_seconds,
        skills, max_retries, model_override, host)
      values (${id}, ${input.title}, ${input.body ?? null}, ${input.assignee ?? null}, ${status},
        ${input.priority}, ${by}, ${tx.now}, ${input.workspace_kind},
        ${input.workspace_path ?? null}, ${input.branch ?? null}, ${input.tenant ?? null},
        ${input.idempotency_key ?? null}, ${input.max_runtime_seconds ?? null}, ${skills},
        ${input.max_retries ?? null}, ${input.model ?? null}, ${input.host ?? null})
      on conflict (id) do nothing`),
  )
  for (const parent of input.parents) {
    await tx.run(sql`insert into task_links (parent_id, child_id) values (${parent}, ${id})`)
  }
  await record(tx, id, 'created', {
    assignee: input.assignee ?? null,
    status,
    parents: input.parents,
    tenant: input.tenant ?? null,
    skills: input.skills,
  })
  return { id, status, created: true }
}

function withKey(tx: Tx, key: string): Promise<{ id: string; status: string } | undefined> {
  return tx.get(sql`
    select id, status from tasks
    where idempotency_key = ${key} and status <> 'archived'
    order by created_at, id limit 1`)
}

async function anyOpen(tx: Tx, parents: readonly string[]): Promise<boolean> {
  if (parents.length === 0) return false
  const found = await tx.all<{ id: string; satisfies: number }>(sql`
    select id, case when status in (${words(...satisfying)}) then 1 else 0 end as satisfies
    from tasks where id in ${anyOf(parents)}`)
  const known = new Set(found.map((parent) => parent.id))
  const missing = parents.filter((parent) => !known.has(parent))
  if (missing.length > 0) throw unknownParents(missing)
  return found.some((parent) => parent.satisfies === 0)
}

export function unknownParents(missing: readonly string[]): BoardError {
  const which = missing.length === 1 ? 'this parent does' : 'these parents do'
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : ''
  const named = `${missing.slice(0, 5).join(', ')}${more}`
  return new BoardError('meaningless', `${which} not exist: ${named}`, { missing })
}

/** Tries ids until `insert` has written a row under one. Asking first would be a statement more. */
async function underFreeId(
  newId: () => string,
  insert: (id: string) => Promise<number>,
): Promise<string> {
  for (;;) {
    const id = newId()
    if ((await insert(id)) > 0) return id
  }
}
