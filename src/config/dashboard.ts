/**
 * What can be set under `dashboard:` in the config.yaml of the root. Hermes Agent keeps settings of its own
 * under the same name: what is not ours is left alone.
 */

import { join } from 'node:path'
import { z } from 'zod'
import { type Read, sectionOf, textOf, unusable } from './file.ts'
import { flag, line, lines, text } from './values.ts'

const hostName = 'must be a list of names or addresses, without a port'

/** How the page begins; a filter in its address wins. */
const page = z.object(
  {
    default_tenant: text.default('').describe('the tenant that is shown first'),
    lane_by_profile: flag.default(true).describe('whether running cards are grouped by assignee'),
    include_archived_by_default: flag.default(false).describe('whether archived cards are shown'),
    render_markdown: flag.default(true).describe('whether texts are shown as Markdown'),
  },
  { error: 'must be a table of settings' },
)

export const dashboardSettings = z.object({
  allowed_hosts: lines
    .pipe(z.array(line.regex(/^[^\s/:]+$|^\[?[0-9a-fA-F:]+\]?$/, { error: hostName })))
    .default([])
    .describe('names by which it is reached besides those of this machine'),
  kanban: page
    .nullish()
    .transform((value) => value ?? page.parse({}))
    .describe('how the page begins'),
})

/** The settings of `kanban`, for documents. */
export const pageSettings = page

export type DashboardSettings = z.output<typeof dashboardSettings>

/** Throws `config` with every fault of what is ours in that section. */
export async function readDashboard(root: string): Promise<Read<DashboardSettings>> {
  const path = join(root, 'config.yaml')
  const source = await textOf(path)
  const found = source === undefined ? {} : await sectionOf(source, path, 'dashboard')
  const result = dashboardSettings.safeParse(found)
  if (!result.success) throw unusable(path, result.error.issues.map(fault))
  return { value: result.data, warnings: [] }
}

function fault({ path, message }: z.core.$ZodIssue): string {
  return `${['dashboard', ...path].join('.')} ${message}`
}
