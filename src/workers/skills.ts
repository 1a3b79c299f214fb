/** Skills as agents have them: folders with a `SKILL.md`, which a worker reads when its task or profile names them. */

import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../lib/thrown.ts'
import { BoardError } from '../model/error.ts'
import { packageFolder } from './package-folder.ts'
import { profileFolder } from './profile-paths.ts'
import type { Profile } from './profiles.ts'

/** Those that come with this package. */
const bundled = join(packageFolder, 'skills')

export interface Skill {
  readonly name: string
  /** What stands below the front matter. */
  readonly text: string
  /** With whatever the text refers to. */
  readonly folder: string
}

/** What a worker of the profile can be told to load, by name: its own, those of the home, those of the package. */
export function skillNames(root: string, profile: string): string[] {
  return [...skillFolders(root, profile).keys()].sort()
}

/** What every worker loads. */
const always = 'kanban-worker'

/**
 * The skills of one run: ours, the profile's, the task's. Throws `config` when the profile names one that is
 * not there, which is not the task's fault, and `not_found` when the task does.
 */
export async function skillsOfRun(
  root: string,
  profile: Profile,
  ofTask: readonly string[],
): Promise<Skill[]> {
  const fault = skillsFault(root, profile)
  if (fault !== null) throw new BoardError('config', fault)
  return loadSkills(root, profile.name, [always, ...profile.skills, ...ofTask])
}

/** Null when every skill that the profile always loads is there, else what is not. */
export function skillsFault(root: string, { name, skills }: Profile): string | null {
  if (skills.length === 0) return null
  const known = skillNames(root, name)
  const missing = skills.filter((skill) => !known.includes(skill))
  if (missing.length === 0) return null
  return `kanban.skills of ${name} has ${missing.join(', ')}, which is not there: there are ${known.join(', ')}`
}

/** In this order, each once. Throws `not_found` naming all that are not there with those that are, `config` for a file that cannot be read. */
export async function loadSkills(
  root: string,
  profile: string,
  names: readonly string[],
): Promise<Skill[]> {
  const folders = skillFolders(root, profile)
  const wanted = [...new Set(names)]
  const unknown = wanted.filter((name) => !folders.has(name))
  if (unknown.length > 0) {
    throw new BoardError(
      'not_found',
      `${profile} has no skill ${unknown.join(', ')}: there are ${[...folders.keys()].sort().join(', ')}`,
      { unknown },
    )
  }
  return Promise.all(wanted.map((name) => loadSkill(name, folders.get(name) ?? '')))
}

/** A name that is there several times is the nearest: the profile's before the home's before ours. */
export function skillFolders(root: string, profile: string): Map<string, string> {
  const own = join(profileFolder(root, profile), 'skills')
  const found = [own, join(root, 'skills'), bundled].flatMap((folder) => [
    ...skillsIn(folder),
    // The other edition sorts them into folders by subject.
    ...foldersIn(folder).flatMap((name) => skillsIn(join(folder, name))),
  ])
  return new Map(found.reverse())
}

function skillsIn(folder: string): [name: string, folder: string][] {
  return foldersIn(folder)
    .filter((name) => existsSync(skillFile(join(folder, name))))
    .map((name) => [name, join(folder, name)])
}

function skillFile(folder: string): string {
  return join(folder, 'SKILL.md')
}

/** A link to a folder is one too: what has no `SKILL.md` in it is sorted out anyway. */
function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.flatMap((entry) => (entry.isFile() ? [] : [entry.name]))
  } catch {
    return []
  }
}

async function loadSkill(name: string, folder: string): Promise<Skill> {
  const file = skillFile(folder)
  try {
    return { name, folder, text: textIn(await readFile(file, 'utf8')) }
  } catch (error) {
    throw new BoardError('config', `the skill ${name} cannot be used: ${file}: ${messageOf(error)}`)
  }
}

/** What stands below the front matter, which is for agents that choose their skills themselves. */
function textIn(source: string): string {
  const [whole, text = ''] = /^\ufeff?---\r?\n.*?\r?\n---[ \t]*(?:\r?\n(.*))?$/s.exec(source) ?? []
  if (whole !== undefined) return text.trim()
  throw new Error('it must begin with front matter between two lines of ---')
}
