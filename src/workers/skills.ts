/** Skills as agents have them: folders with a `SKILL.md`, which a worker reads when its task or profile names them. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { profileFile } from './profiles.ts'

/** Those that come with this package: two folders up from here, in the sources as in the bundle. */
const bundled = join(import.meta.dirname, '..', '..', 'skills')

/** What a worker of the profile can be told to load, by name: its own, those of the home, those of the package. */
export function skillNames(root: string, profile: string): string[] {
  const own = join(profileFile(root, profile), '..', 'skills')
  const names = [own, join(root, 'skills'), bundled].flatMap((folder) => [
    ...skillsIn(folder),
    // The other edition sorts them into folders by subject.
    ...foldersIn(folder).flatMap((name) => skillsIn(join(folder, name))),
  ])
  return [...new Set(names)].sort()
}

function skillsIn(folder: string): string[] {
  return foldersIn(folder).filter((name) => existsSync(join(folder, name, 'SKILL.md')))
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
