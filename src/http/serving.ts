import type { Config, Environment } from '../config.ts'
import type { Around } from '../dispatcher/surroundings.ts'
import type { Log } from '../lib/log.ts'
import type { Access } from './access/access.ts'
import type { Boards } from './boards.ts'
import type { Gateway } from './types.ts'

/** What the routes are served from. */
export interface Serving {
  readonly environment: Environment
  readonly config: () => Promise<Config>
  readonly log: Log
  readonly boards: Boards
  readonly around: () => Promise<Around>
  /** Null while none runs. */
  readonly gateway: () => Promise<Gateway | null>
  readonly access: Access
  /** How this very program is started: a pass starts runners with it. */
  readonly program: readonly string[]
  readonly pid: number
  /** The folder of the built page. */
  readonly page: string
  /** Aborted when the server ends, which ends every stream. */
  readonly signal: AbortSignal
}
