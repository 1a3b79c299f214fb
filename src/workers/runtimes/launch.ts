import type { ProfileSettings } from '../../config/profile.ts'
import { BoardError } from '../../model/error.ts'
import type { Runtime, SettingsFile, Switch } from './runtime.ts'

export interface LaunchOf {
  readonly profile: ProfileSettings & { readonly name: string }
  /** Where its program was found; how this very program is started where it is this one. */
  readonly program: readonly string[]
  readonly task: string
  /** The file of the brief. */
  readonly brief: string
  readonly model: string | null
  /** Those that the profile and the task name. */
  readonly skills: readonly string[]
}

export interface Launch {
  readonly argv: readonly [string, ...string[]]
  /** What it reads on its standard input, where nobody talks to it. */
  readonly input: 'brief' | 'nothing'
  /** Below the variables of the profile. */
  readonly env: Readonly<Record<string, string>>
  readonly files: readonly SettingsFile[]
  /** Session modes to ask for, the first that the agent has. */
  readonly modes: readonly string[]
}

/** How a worker is started. Throws `config` when the profile lacks a setting without which nothing can be. */
export function launch(runtime: Runtime, of: LaunchOf): Launch {
  const { profile } = of
  const manner = runtime.permissions[profile.permissions]
  const [program, ...words] = commandOf(runtime, of)
  const args = [
    ...words,
    ...runtime.args,
    ...(manner.args ?? []),
    ...switched(runtime.model, '{model}', of.model),
    ...switched(runtime.skills, '{skills}', of.skills.join(',') || null),
    ...profile.args,
  ]
  return {
    argv: [program, ...args.map((word) => filled(word, of))],
    // Where an argument names the file of the brief, nothing needs to read it as well.
    input: args.some((word) => word.includes('{brief}')) ? 'nothing' : runtime.input,
    env: { ...runtime.env, ...manner.env },
    files: runtime.files,
    modes: manner.modes ?? [],
  }
}

function commandOf({ name, program }: Runtime, of: LaunchOf): readonly [string, ...string[]] {
  const [first, ...rest] = program === 'profile' ? words(of.profile.command) : of.program
  if (first !== undefined) return [first, ...rest]
  throw new BoardError(
    'config',
    `kanban.command of ${of.profile.name} is not set, and the runtime ${name} needs it`,
  )
}

/** A script is a shell's, and its arguments are `$1`, `$2`, … */
function words(command: ProfileSettings['command']): readonly string[] {
  return typeof command === 'string' ? ['/bin/sh', '-c', command, 'sh'] : (command ?? [])
}

function switched(how: Switch | undefined, place: string, value: string | null): string[] {
  if (how === undefined || value === null) return []
  return how.args.map((word) => word.replaceAll(place, () => value))
}

function filled(word: string, { brief, task, profile, model }: LaunchOf): string {
  const values: Record<string, string> = { brief, task, profile: profile.name, model: model ?? '' }
  // Not of `${task}`, which is a shell's.
  return word.replace(
    /(?<!\$)\{(brief|task|profile|model)\}/g,
    (_, name: string) => values[name] ?? '',
  )
}
