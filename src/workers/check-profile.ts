import { accessSync, constants, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Variables } from '../config.ts'
import { BoardError } from '../model/error.ts'
import { expandVariables } from './environment.ts'
import type { Profile } from './profiles.ts'
import { runtimeOf, runtimes } from './runtimes.ts'
import { skillsFault } from './skills.ts'

/**
 * Null when the profile can start workers on this machine now, else what is in the way, as the end of a
 * sentence. Looks only, starts nothing.
 */
export function checkProfile(profile: Profile, variables: Variables): string | null {
  try {
    const runtime = runtimeOf(profile)
    if (profile[runtime.needs] === null) {
      return `kanban.${runtime.needs} is not set, and the runtime ${runtime.name} needs it`
    }
    const own = expandVariables(profile, variables)
    const { argv } = runtime.launch(profile, '')
    return programFault(argv[0], own.PATH ?? variables.PATH ?? '')
  } catch (error) {
    if (error instanceof BoardError) return error.message
    throw error
  }
}

/** As `checkProfile`, with what the profile needs besides a process. */
export function profileFault(root: string, profile: Profile, variables: Variables): string | null {
  return checkProfile(profile, variables) ?? skillsFault(root, profile)
}

/** The first runtime whose program is on this machine. */
export function findRuntime(variables: Variables): string | undefined {
  return runtimes.find(({ programs }) => programs.some((name) => isHere(name, variables)))?.name
}

export function isHere(program: string, { PATH = '' }: Variables): boolean {
  return programFault(program, PATH) === null
}

function programFault(program: string, path: string): string | null {
  if (isAbsolute(program)) {
    return isProgram(program) ? null : `its command ${program} is missing or not executable`
  }
  // Found in the workspace, which is not there yet.
  if (program.includes('/')) return null
  const folders = path.split(':').filter(isAbsolute)
  if (folders.some((folder) => isProgram(join(folder, program)))) return null
  return `its command ${program} is not on the PATH`
}

function isProgram(path: string): boolean {
  // Most folders of a PATH do not have it: asking first saves the price of an exception.
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
