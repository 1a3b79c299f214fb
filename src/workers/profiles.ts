/** Profiles on disk: `<root>/profiles/<name>/config.yaml`, and the root itself as `default`. */

import { readdirSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { readKanban } from '../config/file.ts'
import { type ProfileSettings, profileSettings } from '../config/profile.ts'
import { foreignSettings, settings } from '../config/settings.ts'
import { nearest } from '../lib/nearest.ts'
import { BoardError } from '../model/error.ts'

export interface Profile extends ProfileSettings {
  readonly name: string
  /** Its folder, the `HERMES_HOME` of its workers. */
  readonly folder: string
}

const validName = /^[a-z0-9][a-z0-9_-]{0,63}$/

/** Names of all profiles, `default` first. Reads one folder, no file. */
export function listProfiles(root: string): string[] {
  const names = foldersIn(join(root, 'profiles')).filter((name) => validName.test(name))
  return ['default', ...names.filter((name) => name !== 'default').sort()]
}

/** Throws `not_found` with the names there are, or `config` with every fault of its file. */
export async function loadProfile(root: string, name: string): Promise<Profile> {
  const names = listProfiles(root)
  if (!names.includes(name)) throw unknownProfile(name, names)
  const { value } = await readKanban(profileFile(root, name), profileSettings, knownBesides(name))
  return { ...value, name, folder: folderOf(root, name) }
}

function folderOf(root: string, name: string): string {
  return name === 'default' ? root : join(root, 'profiles', name)
}

/** Where its settings are; the file need not be there. */
export function profileFile(root: string, name: string): string {
  return join(folderOf(root, name), 'config.yaml')
}

/** The file of the root is that of the installation as well. */
function knownBesides(name: string): string[] {
  return name === 'default' ? [...Object.keys(settings.shape), ...foreignSettings] : []
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() || (entry.isSymbolicLink() && isFolder(path, entry.name)),
      )
      .map(({ name }) => name)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw new BoardError('environment', `cannot read the profiles in ${path}: ${message}`)
  }
}

function isFolder(path: string, name: string): boolean {
  const stats: Stats | undefined = statSync(join(path, name), { throwIfNoEntry: false })
  return stats?.isDirectory() ?? false
}

function unknownProfile(name: string, names: readonly string[]): BoardError {
  const meant = nearest(name, names)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return new BoardError(
    'not_found',
    `there is no profile ${JSON.stringify(name)} here, only ${names.join(', ')}${hint}`,
    { profiles: names },
  )
}
