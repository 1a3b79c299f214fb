import { isAbsolute } from 'node:path'
import { chooseModel, keyOf, type ModelConfig } from '../config/models.ts'
import type { Variables } from '../config.ts'
import { messageOf } from '../lib/thrown.ts'
import { BoardError } from '../model/error.ts'
import { expandVariables } from './environment.ts'
import type { Profile } from './profiles.ts'
import { programOf } from './program-of.ts'
import { launch } from './runtimes/launch.ts'
import { isProgram, locate, onPath } from './runtimes/locate.ts'
import { type Runtimes, runtimeOf } from './runtimes.ts'
import { skillsFault } from './skills.ts'

/** What decides about every profile of a home. */
export interface Surroundings {
  readonly root: string
  readonly variables: Variables
  readonly runtimes: Runtimes
  readonly models: ModelConfig
}

/**
 * Null when the profile can start workers on this machine now, else what is in the way, as the end of a
 * sentence. Looks only, starts nothing.
 */
export function checkProfile(profile: Profile, around: Surroundings): string | null {
  const { root, variables, runtimes, models } = around
  try {
    const runtime = runtimeOf(profile, runtimes)
    const own = { ...variables, ...expandVariables(profile, variables) }
    const path = own.PATH ?? ''
    const program = programOf(runtime, root, path)
    const of = { profile, program, task: '', brief: '', model: null, skills: [] }
    const { argv } = launch(runtime, of)
    if (runtime.program === 'this') keyOf(chooseModel(profile.model, models, own), own)
    if (runtime.program !== 'profile') return null
    return programFault(firstOf(profile.command) ?? argv[0], path)
  } catch (error) {
    if (error instanceof BoardError) return error.message
    throw error
  }
}

/**
 * As `checkProfile`, with what the profile needs besides a process. Never throws: who asks looks at many
 * profiles, and one that cannot even be looked at must not hold the others.
 */
export function profileFault(profile: Profile, around: Surroundings): string | null {
  try {
    return checkProfile(profile, around) ?? skillsFault(around.root, profile)
  } catch (error) {
    return `whether it can start workers could not be found out: ${messageOf(error)}`
  }
}

/** The first runtime whose program is on this machine. */
export function findRuntime({ root, variables, runtimes }: Surroundings): string | undefined {
  const path = variables.PATH ?? ''
  return runtimes.find(({ program }) => {
    if (typeof program === 'object') return locate(program, root, path) !== undefined
    return program === 'this'
  })?.name
}

export function isHere(program: string, { PATH = '' }: Variables): boolean {
  return onPath(program, PATH) !== undefined
}

/**
 * The program with which a shell's script begins, where that is sure: a whole path. What else stands
 * there may be a word of the shell's own, or come to be on the PATH that a worker has.
 */
function firstOf(command: Profile['command']): string | undefined {
  if (typeof command !== 'string') return undefined
  return /^\s*(?:exec\s+)?(\/[\w./+@-]+)(?=\s|$)/.exec(command)?.[1]
}

function programFault(program: string, path: string): string | null {
  if (isAbsolute(program)) {
    return isProgram(program) ? null : `its command ${program} is missing or not executable`
  }
  // Found in the workspace, which is not there yet.
  if (program.includes('/')) return null
  return onPath(program, path) === undefined ? `its command ${program} is not on the PATH` : null
}
