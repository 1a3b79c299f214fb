import type { NewTask } from '../../../src/http/types.ts'

/** What is typed, as it is typed. */
export interface Form {
  readonly title: string
  readonly body: string
  readonly assignee: string
  readonly priority: string
  readonly parents: readonly string[]
  readonly tenant: string
  readonly skills: string
  readonly workspace: 'scratch' | 'dir' | 'worktree'
  readonly path: string
  readonly branch: string
  readonly runtime: string
  readonly retries: string
  /** Where it is to be. */
  readonly status: string
  /** The question of a task that is blocked from the beginning. */
  readonly reason: string
}

export const emptyForm: Form = {
  title: '',
  body: '',
  assignee: '',
  priority: '0',
  parents: [],
  tenant: '',
  skills: '',
  workspace: 'scratch',
  path: '',
  branch: '',
  runtime: '',
  retries: '',
  status: 'ready',
  reason: '',
}

/** The form that a draft holds; what an older page wrote is completed. */
export function readForm(draft: string | undefined): Form {
  if (draft === undefined) return emptyForm
  try {
    return { ...emptyForm, ...JSON.parse(draft) }
  } catch {
    return emptyForm
  }
}

/** Whether it holds something that somebody would miss. */
export function isWorthKeeping(form: Form): boolean {
  return [form.title, form.body, form.reason].some((text) => text.trim() !== '')
}

export function newTaskOf(form: Form): NewTask {
  const { title, body, assignee, tenant, workspace, path, branch, runtime, retries } = form
  return {
    title,
    ...given('body', body),
    ...given('assignee', assignee),
    ...given('tenant', tenant),
    ...given('workspace_path', workspace === 'scratch' ? '' : path),
    ...given('branch', workspace === 'worktree' ? branch : ''),
    ...given('max_runtime_seconds', runtime),
    ...(retries.trim() === '' ? {} : { max_retries: Number(retries) }),
    priority: Number(form.priority),
    parents: [...form.parents],
    skills: form.skills.split(',').map((skill) => skill.trim()),
    triage: form.status === 'triage',
    workspace_kind: workspace,
  }
}

function given(name: string, text: string): Record<string, string> {
  return text.trim() === '' ? {} : { [name]: text }
}
