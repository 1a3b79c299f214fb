import { join } from 'node:path'
import { type Config, readConfig, type Variables } from '../config.ts'
import { writePrivate } from '../lib/files.ts'
import { BoardError } from '../model/error.ts'
import { expandVariables } from '../workers/environment.ts'
import type { Profile } from '../workers/profiles.ts'
import { programOf } from '../workers/program-of.ts'
import { launch } from '../workers/runtimes/launch.ts'
import type { Runtime } from '../workers/runtimes/runtime.ts'
import { runtimeNameOf, runtimeOf, runtimesOf } from '../workers/runtimes.ts'

export interface LaunchOptions {
  readonly root: string
  readonly variables: Variables
  /** How this very program is started. */
  readonly program: readonly string[]
  /** The run's. */
  readonly folder: string
  readonly task: string
  readonly brief: string
  readonly model: string | null
  /** The task names it, whatever the profile has. */
  readonly ownModel: boolean
  readonly skills: readonly string[]
}

export interface Launched {
  readonly runtime: Runtime
  /** What it is told to use, also where that stands in our settings; null where it decides. */
  readonly model: string | null
  readonly argv: readonly string[]
  readonly input: 'brief' | 'nothing'
  readonly env: Readonly<Record<string, string>>
  /** Variables of ours that it is given. */
  readonly keys: readonly string[]
  readonly flags: readonly string[]
  readonly modes: readonly string[]
  readonly patience: Patience
}

/** Seconds without a sign of life. */
export interface Patience {
  readonly idle: number
  /** While a tool call is in progress. */
  readonly tool: number
}

/**
 * How a worker of the profile is started, its settings written where its program looks for them. Throws
 * `config`, and `meaningless` for a model of the task that there is not.
 */
export async function launchOf(profile: Profile, options: LaunchOptions): Promise<Launched> {
  const { root, variables, folder } = options
  // A plain command, whose start is to cost nothing, needs no configuration.
  const config = runtimeNameOf(profile) === 'command' ? undefined : (await readConfig(root)).config
  const runtime = runtimeOf(profile, config && runtimesOf(root, config.runtimes))
  const own = { ...variables, ...expandVariables(profile, variables) }
  const program = programOf(runtime, root, own.PATH ?? '', options.program)
  const chosen = await modelOfOurs(runtime, options, config, own)
  const model = chosen?.name ?? options.model
  const of = { ...options, model, profile, program }
  const { argv, input, env, files, modes } = launch(runtime, of)
  for (const { name, text } of files) await writePrivate(join(folder, name), text)
  const places = files.map(({ name, variable }) => [variable, join(folder, name)])
  return {
    runtime,
    model,
    argv,
    input,
    env: { ...env, ...Object.fromEntries(places) },
    keys: [...runtime.keys, ...(chosen?.keys ?? [])],
    flags: runtime.flags,
    modes,
    patience: { idle: config?.idle_timeout_seconds ?? 0, tool: config?.tool_timeout_seconds ?? 0 },
  }
}

/** Our own agent is told by our settings which model it uses, and so which keys it needs. */
async function modelOfOurs(
  { program }: Runtime,
  { model, ownModel }: LaunchOptions,
  config: Config | undefined,
  variables: Variables,
): Promise<{ readonly name: string; readonly keys: readonly string[] } | undefined> {
  if (program !== 'this' || config === undefined) return undefined
  const { chooseModel, variablesOf } = await import('../config/models.ts')
  try {
    const chosen = chooseModel(model, config, variables)
    return { name: chosen.name, keys: variablesOf(chosen) }
  } catch (error) {
    // Nothing is wrong with the profile, which goes on with other tasks.
    if (ownModel && error instanceof BoardError) throw new BoardError('meaningless', error.message)
    throw error
  }
}
