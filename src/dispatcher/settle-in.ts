import { type Environment, isUrl, namedDatabase } from '../config.ts'
import type { Log } from '../lib/log.ts'
import { becomeOwn } from './host.ts'

/**
 * To be done before anything is judged or owned in the name of this installation. A home whose boards are files
 * takes them along when it is copied, so that nobody else works on them. Throws `config`.
 */
export async function settleIn(environment: Environment, log: Log): Promise<void> {
  const database = await namedDatabase(environment)
  if (database === undefined || !isUrl(database)) return
  if (!(await becomeOwn(environment.root))) return
  log.warn(
    'this home was on another machine, or in another container, before: it is an installation of its own from now on, and what ran there ends with its leases',
  )
}
