import type { Config, Environment } from '../config.ts'
import type { Clock } from '../lib/clock.ts'
import { silent } from '../lib/log.ts'
import { profileBook } from '../workers/profile-book.ts'
import { thisHost } from './host.ts'
import { type Looked, lookAt } from './look.ts'
import { openBoards } from './open-boards.ts'
import type { Host } from './plan.ts'
import { survey } from './survey.ts'
import { troubles } from './trouble.ts'

interface From {
  readonly environment: Environment
  readonly config: Config
  readonly clock: Clock
}

/** What decides about every task of this machine now, as far as its boards can be read; for whoever wants to know and not to start. */
export async function lookAround(of: From): Promise<Host> {
  const { environment, config, clock } = of
  const host = await thisHost(environment.root, config.host)
  const open = openBoards(environment, clock)
  const trouble = troubles(silent)()
  try {
    const looked: Looked[] = []
    for (const board of (await open.all()).boards) {
      const one = await trouble.on(board, () => lookAt(board, host))
      if (one !== undefined) looked.push(one)
    }
    const profiles = await profileBook(environment.root, environment.variables).entries()
    return survey(host, config, profiles, looked)
  } finally {
    await open.close()
  }
}
