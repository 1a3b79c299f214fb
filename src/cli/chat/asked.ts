import type { Config, Environment } from '../../config.ts'

/** What a command line of `hermes chat` says, whatever is done with it. */
export interface Asked {
  readonly environment: Environment
  readonly config: Config
  readonly profile: string
  readonly model: string | undefined
  readonly skills: readonly string[]
  readonly board: string | undefined
}
