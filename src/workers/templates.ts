/** Profiles that come with this package, ready to be installed. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from './package-folder.ts'

const folder = join(packageFolder, 'templates')

export function templateNames(): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  return files.map((name) => name.slice(0, -'.yaml'.length)).sort()
}

/** Where the template is. It need not be there. */
export function templateFile(name: string): string {
  return join(folder, `${name}.yaml`)
}
