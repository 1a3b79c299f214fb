import { z } from 'zod'
import * as field from './fields.ts'
import * as form from './forms.ts'

export const workspaceKinds = ['scratch', 'dir', 'worktree'] as const
export type WorkspaceKind = (typeof workspaceKinds)[number]

/** Why a task is blocked. `needs_input` waits for an answer, the others for somebody to look. */
export const blockKinds = ['needs_input', 'protocol', 'breaker', 'quota', 'login'] as const
export type BlockKind = (typeof blockKinds)[number]

const seconds = z.number().int()

/** A task as every surface shows it. Times are unix seconds. */
export const task = z.object({
  id: z.string(),
  title: z.string(),
  body: z.string().nullable(),
  assignee: z.string().nullable(),
  status: z.string().describe('one of ours, or a word of another program that shares the board'),
  priority: z.number().int(),
  created_by: z.string().nullable(),
  created_at: seconds,
  started_at: seconds.nullable().describe('the first claim'),
  completed_at: seconds.nullable(),
  workspace_kind: z.string(),
  workspace_path: z.string().nullable(),
  branch_name: z.string().nullable(),
  claim_lock: z.string().nullable().describe('<host>:<pid> of who holds the claim'),
  claim_expires: seconds.nullable(),
  tenant: z.string().nullable(),
  result: z.string().nullable(),
  idempotency_key: z.string().nullable(),
  consecutive_failures: z.number().int(),
  last_failure_error: z.string().nullable(),
  not_before: seconds.nullable().describe('no dispatcher claims it earlier'),
  worker_pid: z.number().int().nullable(),
  max_runtime_seconds: seconds.nullable(),
  last_heartbeat_at: seconds.nullable(),
  current_run_id: z.number().int().nullable(),
  skills: z.array(z.string()),
  max_retries: z.number().int().nullable(),
  block_kind: z.string().nullable(),
  model_override: z.string().nullable(),
  workflow_template_id: z.string().nullable(),
  current_step_key: z.string().nullable(),
  session_id: z.string().nullable(),
  host: z.string().nullable().describe('the only machine whose dispatcher starts it; null for any'),
})

export type Task = z.output<typeof task>

/** What a new task is made from. */
export const newTask = z
  .strictObject({
    title: field.words.describe('what is to be done, in a line'),
    body: field.text.nullish().describe('everything a worker needs to know'),
    assignee: field.assigneeOrNobody
      .optional()
      .describe('the profile that does it, or a lane pulled by hand; none for nobody'),
    parents: form.taskRefs.default([]).describe('tasks that must be finished first'),
    tenant: field.line.nullish().describe('the project or customer that it belongs to'),
    priority: field.wholeNumber.default(0).describe('larger numbers start first'),
    triage: z.boolean().default(false).describe('park it until somebody promotes it'),
    workspace_kind: z.enum(workspaceKinds).default('scratch').describe('where the work is done'),
    workspace_path: field.line
      .nullish()
      .describe('the folder for dir, the repository for worktree'),
    branch: field.line.nullish().describe('the branch of a worktree'),
    idempotency_key: field.line
      .nullish()
      .describe('an open task with this key is returned instead'),
    max_runtime_seconds: form.duration
      .nullish()
      .describe('the longest time of a run: 90s, 30m, 2h, 1d'),
    max_retries: z
      .number()
      .int()
      .min(1)
      .nullish()
      .describe('failures in a row after which it is blocked'),
    skills: form.skills.default([]).describe('a skill that its worker loads'),
    model: field.line.nullish().describe('the model that its worker uses'),
    host: field.hostOrAny
      .optional()
      .describe('the machine that it is to be worked on, of those that share the board'),
  })
  .refine((task) => task.workspace_kind !== 'scratch' || !task.workspace_path, {
    message: 'is for dir and worktree: scratch is made by us',
    path: ['workspace_path'],
    when: isObject,
  })
  .refine((task) => task.workspace_kind !== 'dir' || task.workspace_path, {
    message: 'is missing: dir needs a folder',
    path: ['workspace_path'],
    when: isObject,
  })

/** Faults between fields are told together with those within them, which zod would not do. */
function isObject({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null
}

export type NewTask = z.output<typeof newTask>
