import { z } from 'zod'
import { formatDuration } from '../../lib/duration.ts'
import * as field from '../../model/fields.ts'
import { operation } from '../../operations/operation.ts'
import { profileFile } from '../../workers/profile-paths.ts'
import { readProfile } from '../../workers/profiles.ts'
import { readRole } from '../../workers/role.ts'
import { skillNames } from '../../workers/skills.ts'
import { common, faultOf } from './verb.ts'

export const show = operation({
  ...common,
  name: 'show_profile',
  summary: 'Show the settings of a profile, and what keeps it from starting workers.',
  effect: 'read',
  input: z.strictObject({ name: field.line.describe('the profile') }),
  run: async ({ name }, context) => {
    const { root } = context.environment
    const { profile, warnings } = await readProfile(root, name)
    // Literal values, and what a server is started with, may be secrets.
    const env = Object.keys(profile.env)
    const mcp_servers = Object.keys(profile.mcp_servers)
    return {
      file: profileFile(root, name),
      ...profile,
      env,
      mcp_servers,
      instructions: await readRole(profile.folder),
      known_skills: skillNames(root, name),
      warnings,
      fault: await faultOf(profile, context),
    }
  },
  command: {
    path: ['profile', 'show'],
    positional: { name: '<profile>' },
    json: true,
    render: ({ instructions, warnings, fault, name, folder: _, known_skills: __, ...profile }) =>
      [
        ...row('name', name),
        ...Object.entries(profile).flatMap(([key, value]) => row(key, value)),
        ...(instructions === '' ? [] : ['', instructions]),
        '',
        ...warnings.map((warning) => `Warning: ${warning}`),
        fault === null ? 'Its workers can start here.' : `Its workers cannot start: ${fault}`,
      ].join('\n'),
  },
})

function row(key: string, value: unknown): string[] {
  const shown = key === 'max_runtime' && value !== null ? formatDuration(Number(value)) : value
  const isEmpty = shown === null || shown === '' || (Array.isArray(shown) && shown.length === 0)
  if (isEmpty) return []
  const text = Array.isArray(shown) ? shown.join(key === 'command' ? ' ' : ', ') : String(shown)
  return [`${key.padEnd(14)}  ${text}`]
}
