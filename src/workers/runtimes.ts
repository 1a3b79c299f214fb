/** Runtimes: how a run of a profile becomes a process. Data; a driver of the runner does the rest. */

import type { ProfileSettings } from '../config/profile.ts'
import { BoardError } from '../model/error.ts'

interface Launch {
  /** Program and arguments, found through the PATH of the worker. */
  readonly argv: readonly [string, ...string[]]
  /** What the process reads: the brief, or nothing. */
  readonly stdin: 'brief' | 'closed'
}

interface Runtime {
  readonly name: string
  readonly driver: 'command'
  /** One of these on the PATH means that it is here; none where the profile itself names the program. */
  readonly programs: readonly string[]
  /** The setting without which it cannot start anything. */
  readonly needs: 'command'
  readonly launch: (profile: ProfileSettings, briefFile: string) => Launch
}

export const runtimes: readonly Runtime[] = [
  { name: 'command', driver: 'command', programs: [], needs: 'command', launch: launchCommand },
]

/** The runtime of a profile. Throws `config` with the names there are. */
export function runtimeOf(profile: ProfileSettings & { readonly name: string }): Runtime {
  const runtime = runtimes.find(({ name }) => name === (profile.runtime ?? implied(profile)))
  if (runtime !== undefined) return runtime
  const names = runtimes.map(({ name }) => name).join(', ')
  const why = profile.runtime === null ? 'is not set' : `is ${profile.runtime}, which is none`
  throw new BoardError(
    'config',
    `kanban.runtime of ${profile.name} ${why}: set it to one of ${names}`,
  )
}

/** A command alone says enough. */
function implied({ command }: ProfileSettings): string | undefined {
  return command === null ? undefined : 'command'
}

/** Where `{brief}` stands in the command, the file of the brief takes its place, and stdin is closed. */
function launchCommand({ command, args }: ProfileSettings, briefFile: string): Launch {
  const [program, ...rest] = typeof command === 'string' ? shell(command) : (command ?? [])
  if (program === undefined) throw new BoardError('config', 'kanban.command is not set')
  const words = [...rest, ...args]
  return {
    argv: [program, ...words.map((word) => word.replaceAll('{brief}', briefFile))],
    stdin: words.some((word) => word.includes('{brief}')) ? 'closed' : 'brief',
  }
}

/** `args` are the shell's `$1`, `$2`, … */
function shell(line: string): string[] {
  return ['/bin/sh', '-c', line, 'sh']
}
