/** A profile as one YAML text that can be carried to another machine: its settings, its role, its own skills. */

import { z } from 'zod'
import { parseKanban, unusable } from '../config/file.ts'
import { profileSettings } from '../config/profile.ts'
import { slugIn } from '../model/slug.ts'

export interface PortableProfile {
  readonly name: string
  /** Who it is, in words; may be empty. */
  readonly instructions: string
  /** As they were written: `2h` stays `2h`. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Name → its `SKILL.md`. */
  readonly skills: Readonly<Record<string, string>>
}

const asText = 'must be text'
const name = z.string({ error: asText }).refine((value) => slugIn(value) === value, {
  error: 'must be a name of a-z, 0-9, - and _',
})

const portable = z.strictObject({
  name,
  instructions: z.string({ error: asText }).default(''),
  kanban: z.record(z.string(), z.unknown(), { error: 'must be a table of settings' }).default({}),
  skills: z
    .record(name, z.string({ error: asText }), {
      error: 'must be a table of skills, each with the text of its SKILL.md',
    })
    .default({}),
})

const keys = Object.keys(portable.shape).join(', ')

/** A description of a profile is some pages of text. */
const longest = 1024 * 1024

/** Throws `config` naming the file, the key and what is allowed. `warnings` are settings that nobody knows. */
export async function parsePortable(
  source: string,
  file: string,
): Promise<{ profile: PortableProfile; warnings: readonly string[] }> {
  if (source.length > longest) throw unusable(file, [`it is longer than ${longest} characters`])
  const { value, warnings } = await parseKanban(source, file, profileSettings)
  const { parse } = await import('yaml')
  const result = portable.safeParse(parse(source, { maxAliasCount: 100 }) ?? {})
  if (!result.success) throw unusable(file, result.error.issues.map(fault))
  const { kanban, ...rest } = result.data
  const known = Object.entries(kanban).filter(([key]) => key in value)
  return { profile: { ...rest, settings: Object.fromEntries(known) }, warnings }
}

export async function portableText(
  { name: own, instructions, settings, skills }: PortableProfile,
  notes: readonly string[],
): Promise<string> {
  const { Document } = await import('yaml')
  const document = new Document({
    name: own,
    ...(instructions === '' ? {} : { instructions: `${instructions}\n` }),
    kanban: settings,
    ...(Object.keys(skills).length === 0 ? {} : { skills }),
  })
  document.commentBefore = [
    ' A profile for Hermes Kanban. Install it with: hermes profile install <this file>',
    ...notes.map((note) => ` ${note}`),
  ].join('\n')
  return document.toString({ lineWidth: 0 })
}

function fault(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `${issue.keys.join(', ')} is no part of a profile: use ${keys}`
  }
  const key = issue.path.join('.')
  const isMissing = issue.code === 'invalid_type' && issue.path.length === 1 && key === 'name'
  return isMissing ? 'name is missing: how the profile is called' : `${key} ${issue.message}`.trim()
}
