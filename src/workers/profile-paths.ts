/** Where profiles are, whatever stands in their files. */

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BoardError } from '../model/error.ts'
import { slugIn } from '../model/slug.ts'

/** Names of all profiles, `default` first. Reads one folder, no file. */
export function listProfiles(root: string): string[] {
  const names = foldersIn(join(root, 'profiles')).filter((name) => slugIn(name) === name)
  return ['default', ...names.filter((name) => name !== 'default').sort()]
}

/** It need not be there. */
export function profileFolder(root: string, name: string): string {
  return name === 'default' ? root : join(root, 'profiles', name)
}

/** Where its settings are; the file need not be there. */
export function profileFile(root: string, name: string): string {
  return join(profileFolder(root, name), 'config.yaml')
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
  try {
    return statSync(join(path, name)).isDirectory()
  } catch {
    return false
  }
}
