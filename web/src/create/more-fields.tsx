import { ChevronRight } from 'lucide-react'
import { Field, Input } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { Suggest } from '../ui/suggest.tsx'
import type { Form } from './form.ts'

interface MoreFieldsProps {
  readonly form: Form
  readonly set: (change: Partial<Form>) => void
  readonly tenants: readonly string[]
}

/** What most tasks do without. */
export function MoreFields({ form, set, tenants }: MoreFieldsProps) {
  return (
    <details className="group/more">
      <summary className="flex h-7 items-center gap-1 text-soft hover:text-ink">
        <ChevronRight
          size={14}
          aria-hidden
          className="transition-[rotate] group-open/more:rotate-90"
        />
        Workspace, skills and limits
      </summary>
      <div className="mt-2 grid grid-cols-2 gap-3 max-sm:grid-cols-1">
        <Field label="Workspace">
          {(id) => (
            <Select
              id={id}
              value={form.workspace}
              onChange={(workspace) => set({ workspace: workspace as Form['workspace'] })}
              options={[
                ['scratch', 'A new folder'],
                ['dir', 'A folder of yours'],
                ['worktree', 'A git worktree'],
              ]}
            />
          )}
        </Field>
        <Field
          label={form.workspace === 'worktree' ? 'Repository' : 'Folder'}
          help={form.workspace === 'worktree' ? 'Without one, the board’s own.' : undefined}
        >
          {(id) => (
            <Input
              id={id}
              disabled={form.workspace === 'scratch'}
              required={form.workspace === 'dir'}
              placeholder={form.workspace === 'scratch' ? 'Made for the task' : '/home/me/project'}
              value={form.path}
              onChange={(event) => set({ path: event.target.value })}
            />
          )}
        </Field>
        {form.workspace === 'worktree' && (
          <Field label="Branch">
            {(id) => (
              <Input
                id={id}
                placeholder="kanban/<id>"
                value={form.branch}
                onChange={(event) => set({ branch: event.target.value })}
              />
            )}
          </Field>
        )}
        <Field label="Skills" help="Separated by commas.">
          {(id, help) => (
            <Input
              id={id}
              aria-describedby={help}
              value={form.skills}
              onChange={(event) => set({ skills: event.target.value })}
            />
          )}
        </Field>
        <Field label="Tenant">
          {(id) => (
            <Suggest
              id={id}
              value={form.tenant}
              onChange={(tenant) => set({ tenant })}
              suggestions={tenants.map((value) => ({ value }))}
            />
          )}
        </Field>
        <Field label="Longest run" help="90s, 30m, 2h, 1d">
          {(id, help) => (
            <Input
              id={id}
              aria-describedby={help}
              value={form.runtime}
              onChange={(event) => set({ runtime: event.target.value })}
            />
          )}
        </Field>
        <Field label="Blocked after" help="Failures in a row.">
          {(id, help) => (
            <Input
              id={id}
              aria-describedby={help}
              type="number"
              min="1"
              step="1"
              value={form.retries}
              onChange={(event) => set({ retries: event.target.value })}
            />
          )}
        </Field>
      </div>
    </details>
  )
}
