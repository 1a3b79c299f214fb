/** Profiles as files: make, change, put away. What is not ours in a file stays as it is. */

import { existsSync, statSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { privateFolder, writePrivate } from '../lib/files.ts'
import { token } from '../lib/ids.ts'
import { BoardError } from '../model/error.ts'
import { slug } from '../model/slug.ts'
import type { PortableProfile } from './portable-profile.ts'
import { listProfiles, profileFile, profileFolder } from './profile-paths.ts'
import { parseProfile, type ReadProfile, readProfile } from './profiles.ts'
import { roleFile } from './role.ts'

/** Setting → value; `undefined` takes it out. `env.KEY` is one variable of the environment. */
export type Changes = Readonly<Record<string, unknown>>

export interface Plan extends ReadProfile {
  readonly name: string
  /** What will be its config.yaml. */
  readonly source: string
}

/** What `makeProfile` would make. Throws what it throws. */
export async function planProfile(root: string, wanted: PortableProfile): Promise<Plan> {
  const name = slug(wanted.name, 'profile')
  if (name === 'default' || existsSync(profileFolder(root, name))) throw taken(root, name)
  const source = await withChanges('', wanted.settings)
  return { name, source, ...(await parseProfile(root, name, source)) }
}

/**
 * Makes the folder with all that is in it, at once and whole. Throws `invalid` for a name that is none,
 * `conflict` for one that is taken, `config` for settings that cannot be used.
 */
export async function makeProfile(root: string, wanted: PortableProfile): Promise<Plan> {
  const plan = await planProfile(root, wanted)
  const profiles = join(root, 'profiles')
  // By itself, so that a home that cannot be is named by a folder that somebody knows.
  await privateFolder(profiles)
  const draft = join(profiles, `.${plan.name}.${token()}`)
  try {
    await privateFolder(draft)
    await writePrivate(join(draft, 'config.yaml'), plan.source)
    if (wanted.instructions !== '') {
      await writePrivate(roleFile(draft), `${wanted.instructions.trim()}\n`)
    }
    for (const [skill, text] of Object.entries(wanted.skills)) {
      await privateFolder(join(draft, 'skills', skill))
      await writePrivate(join(draft, 'skills', skill, 'SKILL.md'), text)
    }
    await rename(draft, profileFolder(root, plan.name))
    return plan
  } catch (error) {
    // What went wrong first is to be said, and not that there is nothing to clean up.
    await rm(draft, { recursive: true, force: true }).catch(() => {})
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ENOTEMPTY' || code === 'EEXIST' ? taken(root, plan.name) : error
  }
}

/** Changes settings in the file; comments and foreign keys stay. Throws `config` and changes nothing when the outcome could not be used. */
export async function editProfile(
  root: string,
  name: string,
  changes: Changes,
): Promise<ReadProfile> {
  if (!listProfiles(root).includes(name)) return readProfile(root, name)
  const file = profileFile(root, name)
  const source = existsSync(file) ? await readFile(file, 'utf8') : ''
  const changed = await withChanges(source, changes)
  const read = await parseProfile(root, name, changed)
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0o600
  await writePrivate(file, changed, mode & 0o777)
  return read
}

/** Moves the folder to `profiles/_archived` and returns where it is now. Throws `not_found`, and `forbidden` for `default`. */
export async function archiveProfile(root: string, name: string, now: number): Promise<string> {
  if (name === 'default') {
    throw new BoardError(
      'forbidden',
      'the profile default cannot be deleted: it is the home itself; change its settings with hermes profile edit default',
    )
  }
  if (!listProfiles(root).includes(name)) await readProfile(root, name)
  const archived = join(root, 'profiles', '_archived')
  await privateFolder(archived)
  for (let n = 1; ; n++) {
    const target = join(archived, `${name}-${now}${n === 1 ? '' : `-${n}`}`)
    if (existsSync(target)) continue
    await rename(profileFolder(root, name), target)
    return target
  }
}

/** The text of a config.yaml with settings changed under `kanban:`. */
async function withChanges(source: string, changes: Changes): Promise<string> {
  const { isMap, parseDocument } = await import('yaml')
  const document = parseDocument(source)
  // What is broken already is named by whoever reads the outcome.
  if (document.errors.length > 0) return source
  if (!isMap(document.get('kanban'))) document.set('kanban', document.createNode({}))
  for (const [key, value] of Object.entries(changes)) {
    const path = ['kanban', ...key.split('.')]
    if (value === undefined) document.deleteIn(path)
    else document.setIn(path, document.createNode(value))
  }
  return document.toString({ lineWidth: 0 })
}

function taken(root: string, name: string): BoardError {
  return new BoardError(
    'conflict',
    `there is a profile ${name} already, in ${profileFolder(root, name)}: change it with hermes profile edit ${name}, or choose another name`,
  )
}
