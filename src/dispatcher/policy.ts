import type { Policy } from '../board/fail.ts'
import type { Config } from '../config.ts'

/** How many failures in a row a task may have here: what was asked for, else what the configuration says. */
export function policyOf(config: Config, flag?: number): Policy {
  const delay = config.retry_delay_seconds
  if (flag !== undefined) return { limit: flag, source: 'flag', delay }
  const source = config.failure_limit === null ? 'default' : 'config'
  return { limit: config.failure_limit ?? 5, source, delay }
}
