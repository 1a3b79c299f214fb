import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseKanban } from '../config/file.ts'
import { profileSettings } from '../config/profile.ts'
import type { PortableProfile } from './portable-profile.ts'
import { readRole } from './role.ts'

/**
 * What of a profile's folder is ours and can be carried: the settings under `kanban:` as they were
 * written, its role, the texts of its skills. Other keys and files may hold anything, and stay.
 * Throws `config` for settings that cannot be used.
 */
export async function portableFolder(folder: string, name: string): Promise<PortableProfile> {
  const file = join(folder, 'config.yaml')
  const source = await readFile(file, 'utf8').catch(() => '')
  const { value } = await parseKanban(source, file, profileSettings)
  const { parse } = await import('yaml')
  const written: object = parse(source, { maxAliasCount: 100 })?.kanban ?? {}
  const ours = Object.entries(written).filter(([key]) => key in value)
  return {
    name,
    instructions: await readRole(folder),
    settings: Object.fromEntries(ours),
    skills: await skillTexts(join(folder, 'skills')),
  }
}

async function skillTexts(folder: string): Promise<Record<string, string>> {
  const skills: Record<string, string> = {}
  for (const name of entriesOf(folder)) {
    const text = await readFile(join(folder, name, 'SKILL.md'), 'utf8').catch(() => undefined)
    if (text !== undefined) skills[name] = text
  }
  return skills
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
