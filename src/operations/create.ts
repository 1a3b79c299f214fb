import { create as createTask } from '../board/create.ts'
import { getTask, idOr } from '../board/find.ts'
import { BoardError } from '../model/error.ts'
import { type NewTask, newTask, type Task } from '../model/task.ts'
import type { Tx } from '../store/store.ts'
import { listProfiles } from '../workers/profile-paths.ts'
import { skillNames } from '../workers/skills.ts'
import { workspace } from './command/workspace.ts'
import { type Context, operation } from './operation.ts'
import { prospects } from './prospects.ts'

export const create = operation({
  name: 'create',
  summary: 'Put a task on the board.',
  audience: ['worker', 'operator', 'person'],
  effect: 'write',
  input: newTask,
  run: async (input, context) => {
    const { store } = await context.board()
    checkSkills(input, context)
    const tenant = input.tenant ?? context.worker?.tenant
    const place = placeFor(input, context)
    const made = await withinAllowance(context, () =>
      store.write(async (tx) => {
        const parents = await idsOf(tx, input.parents)
        const task = { ...input, ...place, tenant, parents }
        const { id, created } = await createTask(tx, task, context.actor)
        return { task: await getTask(tx, id), created }
      }),
    )
    return {
      task_id: made.task.id,
      status: made.task.status,
      ...made,
      ...(await prospects(made.task, context)),
    }
  },
  command: {
    positional: { title: '<title>' },
    flags: {
      body: '--body <text>',
      assignee: '--assignee <profile>',
      parents: '--parent <id>',
      branch: '--branch <name>',
      tenant: '--tenant <name>',
      priority: '--priority <number>',
      triage: '--triage',
      idempotency_key: '--idempotency-key <key>',
      max_runtime_seconds: '--max-runtime <duration>',
      max_retries: '--max-retries <number>',
      skills: '--skill <name>',
      model: '--model <name>',
      host: '--host <machine>',
    },
    shorthands: [workspace],
    author: '--created-by <name>',
    stdin: 'body',
    json: ({ task }) => task,
    examples: [
      '"Compare the three libraries" --assignee researcher',
      '"Write it up" --assignee writer --parent t_1a2b3c4d --max-runtime 2h',
      '"Fix the build" --assignee backend-eng --workspace worktree:~/src/app --body - < notes.md',
    ],
    render: ({ task, created }) => {
      const facts = `(${task.status}, assignee=${task.assignee ?? '-'})`
      return created
        ? `Created ${task.id}  ${facts}`
        : `Exists ${task.id}  ${facts}: it has this key, nothing was written`
    },
    warns: ({ warning }) => warning,
    hint: ({ hint }) => hint,
  },
})

/** On another machine the profile may have other skills; here its worker would fail to start. */
function checkSkills({ assignee, skills }: NewTask, { environment: { root } }: Context): void {
  if (skills.length === 0 || !assignee || !listProfiles(root).includes(assignee)) return
  const known = skillNames(root, assignee)
  const unknown = skills.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  throw new BoardError(
    'meaningless',
    `${assignee} has no skill ${unknown.join(', ')}: there are ${known.join(', ')}; nothing was created`,
    { unknown, known },
  )
}

/** Work from a chat is done in the folder that is pinned there, and in no other that it names. */
function placeFor(
  { workspace_kind, workspace_path }: NewTask,
  { chat }: Context,
): Pick<NewTask, 'workspace_kind' | 'workspace_path'> {
  const folder = chat?.folder
  if (chat === undefined || (!workspace_path && folder === undefined)) {
    return { workspace_kind, workspace_path }
  }
  if (!workspace_path || workspace_path === folder) {
    const kind = workspace_kind === 'worktree' ? 'worktree' : 'dir'
    return { workspace_kind: kind, workspace_path: folder }
  }
  const pinned = folder === undefined ? 'none is' : `${folder} is`
  throw new BoardError(
    'forbidden',
    `a chat can name no folder but the one that is pinned there (${pinned}), so nothing was created: pin it with here, or leave --workspace out`,
  )
}

/** Parents as they were typed, as whole ids; all that do not exist are named together. */
async function idsOf(tx: Tx, refs: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const ref of refs) ids.push(await idOr(tx, ref))
  return [...new Set(ids)]
}

interface Made {
  readonly task: Task
  /** False when a task with the same key was there. */
  readonly created: boolean
}

/** A worker that goes round in circles must not fill the board. Counted before it is tried: requests overlap. */
async function withinAllowance({ worker }: Context, make: () => Promise<Made>): Promise<Made> {
  const allowance = worker?.creations
  if (allowance === undefined) return make()
  if (allowance.left <= 0) {
    throw new BoardError(
      'forbidden',
      'this run has created as many tasks as kanban.max_created_per_run allows; nothing was created: complete your task, or block it',
    )
  }
  allowance.left -= 1
  let created = false
  try {
    const made = await make()
    created = made.created
    return made
  } finally {
    if (!created) allowance.left += 1
  }
}
