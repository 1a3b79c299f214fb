import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { nearest } from '../lib/nearest.ts'
import { BoardError } from '../model/error.ts'
import { slug } from '../model/slug.ts'
import { type PortableProfile, parsePortable } from './portable-profile.ts'
import { portableFolder } from './profile-folder.ts'
import { templateFile, templateNames } from './templates.ts'

export interface Found {
  readonly profile: PortableProfile
  /** Settings that nobody knows. */
  readonly warnings: readonly string[]
  /** Where it was found, as a person would say it. */
  readonly from: string
}

/** A bundled template by its name, else a file or folder by its path. Throws `not_found` with the names there are. */
export async function findPortable(what: string): Promise<Found> {
  const names = templateNames()
  if (names.includes(what)) {
    return { ...(await fromFile(templateFile(what))), from: `the bundled template ${what}` }
  }
  const path = resolve(what)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw nowhere(what, names)
  if (!found.isDirectory()) return { ...(await fromFile(path)), from: path }
  const profile = await portableFolder(path, slug(basename(path).toLowerCase(), 'profile'))
  return { profile, warnings: [], from: path }
}

async function fromFile(path: string) {
  const source = await readFile(path, 'utf8').catch((error: Error) => {
    throw new BoardError('environment', `${path} cannot be read: ${error.message}`)
  })
  return parsePortable(source, path)
}

function nowhere(what: string, names: readonly string[]): BoardError {
  const meant = nearest(what, names)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return new BoardError(
    'not_found',
    `${JSON.stringify(what)} is no file, no folder and no template: templates are ${names.join(', ')}${hint}`,
  )
}
