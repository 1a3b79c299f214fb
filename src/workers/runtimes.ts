/** The runtimes that there are, and the one of a profile. */

import type { ProfileSettings } from '../config/profile.ts'
import type { OwnRuntimes } from '../config/runtimes.ts'
import { nearest } from '../lib/nearest.ts'
import { BoardError } from '../model/error.ts'
import { agent } from './runtimes/agent.ts'
import { claudeCode } from './runtimes/claude-code.ts'
import { codex } from './runtimes/codex.ts'
import { command } from './runtimes/command.ts'
import { copilot } from './runtimes/copilot.ts'
import { gemini } from './runtimes/gemini.ts'
import { hermesAcp } from './runtimes/hermes-acp.ts'
import { hermesAgent } from './runtimes/hermes-agent.ts'
import { opencode } from './runtimes/opencode.ts'
import { withOwn } from './runtimes/own.ts'
import { qwen } from './runtimes/qwen.ts'
import type { Runtime } from './runtimes/runtime.ts'

export type Runtimes = readonly Runtime[]

/** In the order in which a profile that names none is given one. */
export const builtIn: Runtimes = [
  claudeCode,
  codex,
  gemini,
  opencode,
  copilot,
  qwen,
  hermesAgent,
  hermesAcp,
  agent,
  command,
]

/** Those of the user, from the configuration in `root`, before ours. Throws `config` for one that is like none. */
export function runtimesOf(root: string, own: OwnRuntimes): Runtimes {
  return withOwn(builtIn, own, root)
}

/** The runtime of a profile. Throws `config` with the names there are. */
export function runtimeOf(
  profile: ProfileSettings & { readonly name: string },
  all: Runtimes = builtIn,
): Runtime {
  const wanted = runtimeNameOf(profile)
  const runtime = all.find(({ name }) => name === wanted)
  if (runtime !== undefined) return runtime
  const names = all.map(({ name }) => name)
  const why = profile.runtime === null ? 'is not set' : `is ${profile.runtime}, which is none`
  const meant = nearest(profile.runtime ?? '', names)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  throw new BoardError(
    'config',
    `kanban.runtime of ${profile.name} ${why}: set it to one of ${names.join(', ')}${hint}`,
  )
}

/** Whether or not there is one of that name; a command alone says enough. */
export function runtimeNameOf({ runtime, command }: ProfileSettings): string | null {
  return runtime ?? (command === null ? null : 'command')
}
