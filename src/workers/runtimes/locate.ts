import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { Entry } from './runtime.ts'

/** Where a program is, in the first of these folders that has it; undefined when none does. */
function programIn(folders: readonly string[], program: string): string | undefined {
  return folders.map((folder) => join(folder, program)).find(isProgram)
}

/** On the PATH, or where it says itself. */
export function onPath(program: string, path: string): string | undefined {
  if (isAbsolute(program)) return isProgram(program) ? program : undefined
  return programIn(path.split(':').filter(isAbsolute), program)
}

/** The program of a runtime, for a worker with that PATH; undefined when it is not on this machine. */
export function locate(
  { programs, folders, sibling }: Entry,
  root: string,
  path: string,
): string | undefined {
  const own = folders.map((folder) => join(root, folder))
  for (const program of programs) {
    const found = onPath(program, path) ?? programIn(own, program)
    if (found === undefined) continue
    if (sibling === undefined) return found
    // A link to it may lie in a folder of its own, the installation does not.
    const beside = programIn([dirname(realPath(found)), dirname(found)], sibling)
    if (beside !== undefined) return beside
  }
  return undefined
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** False where it cannot be looked at as well, as a shell passes over what it cannot read on the PATH. */
export function isProgram(path: string): boolean {
  try {
    // Most folders of a PATH do not have it: asking first saves the price of an exception.
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
