/** What decides about tasks on this machine besides the tasks, for whoever asks again and again. */

import type { Board } from '../board/board.ts'
import type { Config, Environment } from '../config.ts'
import { monotonic } from '../lib/clock.ts'
import { BoardError } from '../model/error.ts'
import { profileBook } from '../workers/profile-book.ts'
import { dispatcherAlive, type Holder } from './holder.ts'
import { thisHost } from './host.ts'
import { type Looked, lookAt } from './look.ts'
import type { Host } from './plan.ts'
import { survey } from './survey.ts'

export interface Around {
  readonly host: Host
  /** A dispatcher of this home is alive; `holder` is it, as far as it can be known. */
  readonly dispatching: boolean
  readonly holder: Holder | undefined
  /** Why it starts nothing although it is alive. */
  readonly trouble: string | null
}

export interface SurroundingsOptions {
  readonly environment: Environment
  readonly config: () => Promise<Config>
  /** Those of the home, open. */
  readonly boards: () => Promise<readonly Board[]>
}

/** Asking whether a dispatcher is alive takes its lock for a moment: no more often than this, in milliseconds. */
const probeEveryMs = 1000

/** Looks at every board, profile file and lock as they are now, in a millisecond or two. */
export function surroundings(options: SurroundingsOptions): () => Promise<Around> {
  const { environment, config, boards } = options
  const { root } = environment
  const book = profileBook(root, environment.variables)
  let probe:
    | { readonly at: number; readonly answer: ReturnType<typeof dispatcherAlive> }
    | undefined

  async function alive() {
    if (probe === undefined || monotonic() - probe.at > probeEveryMs) {
      probe = { at: monotonic(), answer: dispatcherAlive(root) }
    }
    return probe.answer
  }

  return async () => {
    const settings = await config()
    const name = await thisHost(root, settings.host)
    const looked: Looked[] = []
    for (const board of await boards()) {
      const one = await unlessBroken(() => lookAt(board, name))
      if (one !== undefined) looked.push(one)
    }
    const { alive: dispatching, holder, trouble } = await alive()
    return {
      host: survey(name, settings, await book.entries(), looked),
      dispatching,
      holder,
      trouble,
    }
  }
}

/** A board that cannot be read tells nothing; what is wrong with it is said where it is asked for. */
async function unlessBroken<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BoardError) return undefined
    throw error
  }
}
