/** Everything that one conversation of a profile needs, opened together and closed together. */

import { chooseModel, variablesOf } from '../config/models.ts'
import type { Config } from '../config/settings.ts'
import type { Environment } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import type { Ask } from '../mcp/tool.ts'
import { workerToolbox } from '../mcp/worker-toolbox.ts'
import { loadProfile, type Profile } from '../workers/profiles.ts'
import { readRole } from '../workers/role.ts'
import { loadSkills, skillFolders } from '../workers/skills.ts'
import { instructions } from './instructions.ts'
import { memoryOf } from './memory.ts'
import { openModel } from './model/open.ts'
import { noUsage } from './model/usage.ts'
import type { Listener, Talk } from './talk/talk.ts'
import { boardTools } from './tools/board.ts'
import { delegateTool } from './tools/delegate.ts'
import { fetchPage } from './tools/fetch.ts'
import { fileTools } from './tools/files.ts'
import { connectServers } from './tools/mcp.ts'
import { memoryTool } from './tools/memory.ts'
import { shell } from './tools/terminal.ts'
import { chooseTools, has } from './tools/toolset.ts'

export interface SessionOptions {
  readonly environment: Environment
  readonly config: Config
  readonly profile: string
  /** In place of the profile's. */
  readonly model: string | undefined
  /** Besides the profile's. */
  readonly skills: readonly string[]
  /** Where it works: the workspace of a worker, else where the person is. */
  readonly folder: string
  readonly clock: Clock
  readonly listener: Listener
  /** Set for a worker. */
  readonly work: { readonly ask: Ask; readonly guidance: string | undefined } | undefined
}

export interface Session {
  readonly profile: Profile
  readonly talk: Talk
  /** What is not as the profile wants it, in sentences. */
  readonly faults: readonly string[]
  close(): Promise<void>
  /** Ends at once what runs, for a process that is about to end. */
  kill(): void
}

/** Throws `config` when no model can be used, `not_found` for a profile or skill that is not there. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { environment, config, folder, clock, listener, work } = options
  const { root, variables, worker } = environment
  const profile = await loadProfile(root, options.profile)
  const chosen = chooseModel(options.model ?? profile.model, config, variables)
  const model = await openModel(chosen, variables)
  // Role and skills of the profile stand in a brief already.
  const hasBrief = work?.guidance !== undefined
  const named = hasBrief ? options.skills : [...profile.skills, ...options.skills]
  const skills = await loadSkills(root, profile.name, named)
  const memory = memoryOf(profile.folder)
  const tenant = worker?.tenant
  const terminal = shell({
    folder,
    environment: without(variables, variablesOf(chosen)),
    longest: config.tool_timeout_seconds,
  })
  const servers = await connectServers(has(profile, 'mcp') ? profile.mcp_servers : {}, {
    folder,
    variables,
    longest: config.tool_timeout_seconds * 1000,
    isLogged: work !== undefined,
  })
  const places = {
    folder,
    more: profile.folders,
    readable: [...skillFolders(root, profile.name).values()],
  }
  const own = {
    files: fileTools(places),
    terminal: [terminal.tool],
    web: [fetchPage],
    mcp: servers.tools,
  }
  const common = {
    model,
    usage: noUsage(),
    clock,
    patience: config.idle_timeout_seconds * 1000,
    listener,
  }
  const tools = chooseTools(profile, {
    ...own,
    board: work === undefined ? [] : await boardTools(work.ask),
    memory: [memoryTool(memory, tenant)],
    delegate: [delegateTool(common, chooseTools(profile, own))],
  })
  const talk: Talk = {
    ...common,
    tools,
    messages: [],
    instructions: instructions({
      profile: profile.name,
      role: hasBrief ? '' : await readRole(profile.folder),
      skills,
      memory: await memory.text(),
      folder,
      now: clock(),
      rules: work === undefined ? undefined : (work.guidance ?? workerToolbox().instructions),
      tenant,
    }),
  }
  return {
    profile,
    talk,
    faults: servers.faults,
    async close() {
      await Promise.all([terminal.close(), servers.close()])
    },
    kill: terminal.kill,
  }
}

/** A command that the model writes has no use for the key of the model. */
function without(
  variables: Environment['variables'],
  names: readonly string[],
): Record<string, string | undefined> {
  const left = Object.entries(variables).filter(([name]) => !names.includes(name))
  return Object.fromEntries(left)
}
