import { z } from 'zod'
import { firstLine } from '../../lib/text.ts'
import { BoardError } from '../../model/error.ts'
import { paint, type Style } from '../../operations/command/style.ts'
import { table } from '../../operations/command/table.ts'
import { type Context, operation } from '../../operations/operation.ts'
import { listProfiles } from '../../workers/profile-paths.ts'
import { readProfile } from '../../workers/profiles.ts'
import { runtimeNameOf } from '../../workers/runtimes.ts'
import { common, faultOf } from './verb.ts'

interface Listed {
  readonly name: string
  readonly description: string
  readonly runtime: string | null
  readonly model: string | null
  /** Null when its workers can start here now. */
  readonly fault: string | null
  /** The home is a profile too, whether or not somebody gives it work. */
  readonly unused: boolean
}

export const list = operation({
  ...common,
  name: 'list_profiles',
  summary: 'List the profiles of this home, and whether their workers can start.',
  effect: 'read',
  input: z.strictObject({}),
  run: (_input, context) =>
    Promise.all(listProfiles(context.environment.root).map((name) => listed(name, context))),
  command: {
    path: ['profile', 'list'],
    json: true,
    render: (all, _input, style) =>
      table(
        all.map((one) => [
          { text: one.name, paint: paint(style).bold },
          stateOf(one, style),
          { text: one.runtime ?? '-' },
          { text: saysOf(one) },
        ]),
        style.width,
      ).join('\n'),
  },
})

/** One whose file is broken is listed with its fault, and stops no other. */
async function listed(name: string, context: Context): Promise<Listed> {
  try {
    const { profile } = await readProfile(context.environment.root, name)
    const { description, model } = profile
    const runtime = runtimeNameOf(profile)
    const fault = await faultOf(profile, context)
    const unused = name === 'default' && runtime === null
    return { name, description, runtime, model, fault, unused }
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    const { message: fault } = error
    return { name, description: '', runtime: null, model: null, fault, unused: false }
  }
}

function stateOf({ fault, unused }: Listed, style: Style) {
  if (unused) return { text: '-' }
  return fault === null
    ? { text: 'ready', paint: paint(style).green }
    : { text: 'held', paint: paint(style).yellow }
}

function saysOf({ fault, unused, description }: Listed): string {
  return unused ? 'has no runtime: it is given no work' : (fault ?? firstLine(description))
}
