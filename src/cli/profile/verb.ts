/** What the verbs of `hermes profile` have in common. */

import type { Context, Operation } from '../../operations/operation.ts'
import { profileFault } from '../../workers/check-profile.ts'
import { surroundingsOf } from '../../workers/profile-book.ts'
import { type Profile, readProfile } from '../../workers/profiles.ts'

/** They are verbs like those of the board, and of the terminal alone: what they write is run. */
export const common = { audience: ['person'], effect: 'write' } satisfies Partial<Operation>

/** Null when workers of the profile can start here now, else what is in the way. */
export async function faultOf(profile: Profile, { environment }: Context): Promise<string | null> {
  return profileFault(profile, await surroundingsOf(environment.root, environment.variables))
}

/** What to tell somebody who has just written a profile; undefined when all is well. */
export async function prospect(
  name: string,
  context: Context,
  warnings: readonly string[],
): Promise<{ hint?: string }> {
  const { profile } = await readProfile(context.environment.root, name)
  const fault = await faultOf(profile, context)
  const cannot = fault === null ? [] : [`${name} cannot start workers yet: ${fault}`]
  const hints = [...warnings, ...cannot]
  return hints.length === 0 ? {} : { hint: hints.join('; ') }
}
