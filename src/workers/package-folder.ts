import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of this package, wherever in it this code lies: among the sources, in a chunk, in a file of its own. */
export const packageFolder = above(import.meta.dirname)

function above(folder: string): string {
  const isPackage = existsSync(join(folder, 'package.json'))
  return isPackage || dirname(folder) === folder ? folder : above(dirname(folder))
}
