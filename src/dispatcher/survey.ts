import type { Config } from '../config.ts'
import type { Entry } from '../workers/profile-book.ts'
import { countByProfile } from './live.ts'
import type { Looked } from './look.ts'
import type { Host } from './plan.ts'
import { policyOf } from './policy.ts'

/** What decides about every task of this machine alike: its caps, its profiles, what is running, and what is on hold. */
export function survey(
  host: string,
  config: Config,
  profiles: ReadonlyMap<string, Entry>,
  looked: readonly Looked[],
): Host {
  return {
    host,
    profile(name) {
      const entry = profiles.get(name)
      if (entry === undefined) return undefined
      return {
        name,
        maxConcurrent: entry.profile?.max_concurrent ?? null,
        account: entry.profile?.account ?? null,
        fault: entry.fault,
      }
    },
    profiles: [...profiles.keys()],
    defaultAssignee: config.default_assignee,
    maxWorkers: config.max_workers,
    maxPerProfile: config.max_workers_per_profile,
    failureLimit: policyOf(config).limit,
    live: countByProfile(looked.flatMap(({ runs }) => runs)),
    accountHolds: looked.flatMap(({ holds }) => holds).filter(({ scope }) => scope === 'account'),
  }
}
