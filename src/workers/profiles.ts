/** Profiles on disk: `<root>/profiles/<name>/config.yaml`, and the root itself as `default`. */

import { parseKanban, type Read, readKanban } from '../config/file.ts'
import { type ProfileSettings, profileSettings } from '../config/profile.ts'
import { foreignSettings, settings } from '../config/settings.ts'
import { nearest } from '../lib/nearest.ts'
import { BoardError } from '../model/error.ts'
import { listProfiles, profileFile, profileFolder } from './profile-paths.ts'

export interface Profile extends ProfileSettings {
  readonly name: string
  /** Its folder, the `HERMES_HOME` of its workers. */
  readonly folder: string
}

/** Throws `not_found` with the names there are, or `config` with every fault of its file. */
export async function loadProfile(root: string, name: string): Promise<Profile> {
  return (await readProfile(root, name)).profile
}

export interface ReadProfile {
  readonly profile: Profile
  /** Settings that nobody knows, with what was probably meant, and such as come to nothing. */
  readonly warnings: readonly string[]
}

/** As `loadProfile`, with what is odd about its file. */
export async function readProfile(root: string, name: string): Promise<ReadProfile> {
  const names = listProfiles(root)
  if (!names.includes(name)) throw unknownProfile(name, names)
  return asProfile(
    root,
    name,
    await readKanban(profileFile(root, name), profileSettings, knownBesides(name)),
  )
}

/** What a profile would be with this text as its file. Throws `config` with every fault of it. */
export async function parseProfile(
  root: string,
  name: string,
  source: string,
): Promise<ReadProfile> {
  const file = profileFile(root, name)
  return asProfile(root, name, await parseKanban(source, file, profileSettings, knownBesides(name)))
}

function asProfile(
  root: string,
  name: string,
  { value, warnings }: Read<ProfileSettings>,
): ReadProfile {
  const profile = { ...value, name, folder: profileFolder(root, name) }
  return { profile, warnings: [...warnings, ...unused(profile)] }
}

/** What is set and comes to nothing. */
function unused({ name, toolsets, mcp_servers }: Profile): string[] {
  const servers = Object.keys(mcp_servers)
  if (servers.length === 0 || toolsets === null || toolsets.includes('mcp')) return []
  return [
    `kanban.mcp_servers of ${name} has ${servers.join(', ')}, which the built-in agent is not given: kanban.toolsets leaves out mcp`,
  ]
}

/** The file of the root is that of the installation as well. */
function knownBesides(name: string): string[] {
  return name === 'default' ? [...Object.keys(settings.shape), ...foreignSettings] : []
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
