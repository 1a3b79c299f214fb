/** What can be set for a runtime of one's own, under `kanban.runtimes` in the config.yaml of the root. */

import { z } from 'zod'
import { nearest } from '../lib/nearest.ts'
import { slugIn } from '../model/slug.ts'
import { choice, line, lines, optional, variables } from './values.ts'

const words = 'must be a list of words, the program first'

export const runtimeSettings = z.strictObject(
  {
    like: optional(line).describe('a runtime that it is but for what is said here'),
    driver: optional(choice('acp', 'command')).describe(
      'whether it speaks the Agent Client Protocol, or is any program',
    ),
    command: optional(
      z.array(z.string({ error: words }), { error: words }).min(1, { error: words }),
    ).describe(
      'the program and its arguments; {brief}, {model}, {task} and {profile} are replaced',
    ),
    model: optional(lines).describe('arguments that choose a model, with {model} in them'),
    env: optional(variables).describe('variables that its workers are given'),
    keys: optional(lines).describe('variables of ours that its workers are given'),
    modes: optional(lines).describe(
      'session modes in which it asks for nothing, the first that it has (acp)',
    ),
    quota: optional(lines).describe('words by which it says that it met a quota'),
    login: optional(lines).describe('words by which it says that it is not logged in'),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be a table of settings' : undefined) },
)

export type RuntimeSettings = z.output<typeof runtimeSettings>

/** By name. */
export type OwnRuntimes = Readonly<Record<string, RuntimeSettings>>

/** All of a table, or everything that is wrong with it. */
export function parseRuntimes(
  table: Readonly<Record<string, unknown>>,
): { readonly runtimes: OwnRuntimes } | { readonly faults: Fault[] } {
  const runtimes: Record<string, RuntimeSettings> = {}
  const faults: Fault[] = []
  for (const [name, settings] of Object.entries(table)) {
    const { success, data, error } = runtimeSettings.safeParse(settings)
    const found = success ? missing(data) : error.issues.flatMap(faultsOf)
    if (slugIn(name) !== name) {
      found.push({ path: [], message: 'must have a name of a-z, 0-9, - and _' })
    }
    faults.push(...found.map(({ path, message }) => ({ path: [name, ...path], message })))
    if (success) runtimes[name] = data
  }
  return faults.length === 0 ? { runtimes } : { faults }
}

interface Fault {
  readonly path: PropertyKey[]
  readonly message: string
}

/** What one that is like no other has to say for itself. */
function missing({ like, driver, command }: RuntimeSettings): Fault[] {
  if (like !== null) return []
  return [
    ...(driver === null ? [{ path: ['driver'], message: 'must be one of acp, command' }] : []),
    ...(command === null ? [{ path: ['command'], message: words }] : []),
  ]
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }]
  const known = Object.keys(runtimeSettings.shape)
  return issue.keys.map((key) => {
    const meant = nearest(key, known)
    const hint = meant === undefined ? `use ${known.join(', ')}` : `did you mean ${meant}?`
    return { path: [...issue.path, key], message: `is no setting of a runtime; ${hint}` }
  })
}
