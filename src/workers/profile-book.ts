import { join } from 'node:path'
import { readConfig, type Variables } from '../config.ts'
import { fileVersion } from '../lib/files.ts'
import { BoardError } from '../model/error.ts'
import { profileFault, type Surroundings } from './check-profile.ts'
import { listProfiles, profileFile } from './profile-paths.ts'
import { loadProfile, type Profile } from './profiles.ts'
import { builtIn, runtimesOf } from './runtimes.ts'

/** A profile as a dispatcher sees it: its settings, or why there are none that can be used. */
export interface Entry {
  readonly name: string
  readonly profile: Profile | undefined
  /** What keeps it from starting anything, as the end of a sentence. */
  readonly fault: string | null
}

export interface ProfileBook {
  /** All profiles by name, as their files are now. */
  entries(): Promise<ReadonlyMap<string, Entry>>
}

/**
 * Profiles for something that asks again and again: a file is read only when it has changed, the rest is
 * one look at each file and each program (0.2 ms for 20 profiles).
 */
export function profileBook(root: string, variables: Variables): ProfileBook {
  const surroundings = watchedSurroundings(root, variables)
  let known = new Map<string, { readonly version: string; readonly loaded: Promise<Loaded> }>()
  return {
    async entries() {
      const before = known
      known = new Map(
        listProfiles(root).map((name) => {
          const version = fileVersion(profileFile(root, name))
          const same = before.get(name)
          if (same?.version === version) return [name, same]
          return [name, { version, loaded: loadOrFault(root, name) }]
        }),
      )
      const around = await surroundings()
      const entries = new Map<string, Entry>()
      for (const [name, { loaded }] of known) {
        const { profile, fault } = await loaded
        entries.set(name, {
          name,
          profile,
          fault: profile ? profileFault(profile, around) : fault,
        })
      }
      return entries
    },
  }
}

type Loaded = Omit<Entry, 'name'>

async function loadOrFault(root: string, name: string): Promise<Loaded> {
  try {
    return { profile: await loadProfile(root, name), fault: null }
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    return { profile: undefined, fault: error.message }
  }
}

function watchedSurroundings(root: string, variables: Variables): () => Promise<Surroundings> {
  const file = join(root, 'config.yaml')
  let version: string | undefined
  let known: Promise<Surroundings>
  return () => {
    const now = fileVersion(file)
    if (now !== version) known = surroundingsOf(root, variables)
    version = now
    return known
  }
}

/** What is said for all profiles; as if nothing were while the file cannot be used: whoever needs it says what is wrong with it. */
export async function surroundingsOf(root: string, variables: Variables): Promise<Surroundings> {
  try {
    const { config } = await readConfig(root)
    return { root, variables, runtimes: runtimesOf(root, config.runtimes), models: config }
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    return { root, variables, runtimes: builtIn, models: { providers: {}, models: {} } }
  }
}
