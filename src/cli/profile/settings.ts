/** The settings of a profile as flags, the same for every verb that writes one. */

import { z } from 'zod'
import { profileSettings, toolsetNames } from '../../config/profile.ts'
import { choice, duration, line, script, text, whole } from '../../config/values.ts'
import { BoardError } from '../../model/error.ts'
import type { Surroundings } from '../../workers/check-profile.ts'
import type { Changes } from '../../workers/profile-files.ts'
import { skillNames } from '../../workers/skills.ts'

const { shape } = profileSettings
const about = (key: keyof typeof shape): string => shape[key].description ?? ''

const list = z.array(line)

/** Kept as it was written: `2h` stays `2h` in the file. */
const time = z.string().refine((value) => duration.safeParse(value).success, {
  error: 'must be a duration such as 90, 90s, 30m, 2h or 1d',
})

export const settingFields = {
  description: text.optional().describe(about('description')),
  runtime: line.optional().describe(about('runtime')),
  model: line.optional().describe(about('model')),
  command: script.optional().describe('for the runtime `command`: a script for a shell'),
  args: z.array(z.string()).optional().describe(about('args')),
  env: z
    .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*=[^\0]*$/, 'must be written as NAME=value'))
    .optional()
    .describe('a variable of its environment; NAME alone in braces behind a $ takes ours'),
  skills: list.optional().describe('a skill that is always loaded'),
  toolsets: z
    .array(choice(...toolsetNames))
    .optional()
    .describe(about('toolsets')),
  permissions: choice('allow', 'deny').optional().describe(about('permissions')),
  max_concurrent: whole(1).optional().describe(about('max_concurrent')),
  max_runtime: time.optional().describe(about('max_runtime')),
  account: line.optional().describe(about('account')),
}

export const settingFlags = {
  description: '--description <text>',
  runtime: '--runtime <name>',
  model: '--model <name>',
  command: '--command <script>',
  args: '--arg <word>',
  env: '--env <NAME=value>',
  skills: '--skill <name>',
  toolsets: '--toolset <name>',
  permissions: '--permissions <answer>',
  max_concurrent: '--max-concurrent <n>',
  max_runtime: '--max-runtime <duration>',
  account: '--account <name>',
}

const fields = z.object(settingFields)

export type Settings = z.output<typeof fields>

/** What the flags say, as changes of a file. */
export function changesIn({ env = [], ...settings }: Settings): Changes {
  const said = Object.entries(settings).filter(([, value]) => value !== undefined)
  const variables = env.map((one) => {
    const at = one.indexOf('=')
    return [`env.${one.slice(0, at)}`, one.slice(at + 1)]
  })
  return Object.fromEntries([...said, ...variables])
}

/** Throws `meaningless` with the skills that there are, before a profile is written that could start nothing. */
export function checkSkills(root: string, name: string, skills: readonly string[] = []): void {
  const known = skillNames(root, name)
  const unknown = skills.filter((skill) => !known.includes(skill))
  if (unknown.length === 0) return
  throw new BoardError(
    'meaningless',
    `there is no skill ${unknown.join(', ')}: use one of ${known.join(', ')}, or put it into skills/<name>/SKILL.md of the home first`,
    { unknown, known },
  )
}

/** Throws `meaningless` with the runtimes that there are. */
export function checkRuntime(name: string, runtime: string, { runtimes }: Surroundings): void {
  const names = runtimes.map((one) => one.name)
  if (names.includes(runtime)) return
  throw new BoardError(
    'meaningless',
    `${name} cannot have the runtime ${JSON.stringify(runtime)}: use one of ${names.join(', ')}`,
  )
}
