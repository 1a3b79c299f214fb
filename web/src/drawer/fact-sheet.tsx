import type { Shown } from '../../../src/http/types.ts'
import { useNow } from '../lib/clock.ts'
import { dateOf, fullDuration, shortDuration } from '../lib/duration.ts'
import { line } from '../lib/text.ts'
import { Assignee } from './assignee.tsx'
import { Fact } from './fact.tsx'
import { Priority } from './priority.tsx'

/** What is known of it, in short. */
export function FactSheet({ task }: { readonly task: Shown['task'] }) {
  const now = useNow()
  const ago = (time: number) => <time title={dateOf(time)}>{shortDuration(now - time)} ago</time>
  return (
    <dl className="grid gap-2.5 text-sm max-sm:grid-cols-2">
      <Assignee task={task} />
      <Priority task={task} />
      <Fact name="Tenant">{task.tenant && line(task.tenant)}</Fact>
      <Fact name="Skills">{task.skills.length > 0 && line(task.skills.join(', '))}</Fact>
      <Fact name="Model">{task.model_override && line(task.model_override)}</Fact>
      <Fact name="Workspace">
        {workspaceNames[task.workspace_kind] ?? task.workspace_kind}
        {task.workspace_path !== null && (
          <span className="foreign block font-mono text-xs text-soft">
            {line(task.workspace_path)}
          </span>
        )}
      </Fact>
      <Fact name="Branch">
        {task.branch_name && <span className="font-mono text-xs">{line(task.branch_name)}</span>}
      </Fact>
      <Fact name="Longest run">
        {task.max_runtime_seconds !== null && fullDuration(task.max_runtime_seconds)}
      </Fact>
      <Fact name="Failures in a row">
        {(task.consecutive_failures > 0 || task.max_retries !== null) &&
          `${task.consecutive_failures}${task.max_retries === null ? '' : ` of ${task.max_retries}`}`}
      </Fact>
      <Fact name="Tried again">
        {task.not_before !== null && task.not_before > now && (
          <time title={dateOf(task.not_before)}>in {fullDuration(task.not_before - now)}</time>
        )}
      </Fact>
      <Fact name="Last heartbeat">
        {task.last_heartbeat_at !== null && ago(task.last_heartbeat_at)}
      </Fact>
      <Fact name="Claimed by">{task.claim_lock && line(task.claim_lock)}</Fact>
      <Fact name="Created">
        {ago(task.created_at)}
        {task.created_by !== null && ` by ${line(task.created_by)}`}
      </Fact>
      <Fact name="First started">{task.started_at !== null && ago(task.started_at)}</Fact>
      <Fact name="Completed">{task.completed_at !== null && ago(task.completed_at)}</Fact>
      <Fact name="Key">{task.idempotency_key && line(task.idempotency_key)}</Fact>
    </dl>
  )
}

const workspaceNames: Readonly<Record<string, string>> = {
  scratch: 'A folder of its own',
  dir: 'A folder of yours',
  worktree: 'A git worktree',
}
