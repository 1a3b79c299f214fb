import type { Config } from '../config.ts'
import { otherEdition } from '../dispatcher/other-edition.ts'
import { BoardError } from '../model/error.ts'
import { dispatch } from './dispatch.ts'
import { atMost, type Part, type PartStatus } from './part.ts'
import type { GatewayOptions } from './run.ts'
import { watchedConfig } from './watched-config.ts'

/** How soon is noticed that dispatching has become, or is no longer, ours to do, in milliseconds. */
const reviewMs = 5_000

/** Dispatches while it is ours to do, and waits while it is not. */
export function dispatcherPart(options: GatewayOptions, onChange: () => void): Part {
  const { environment, log } = options
  const { root } = environment
  let status: PartStatus = { state: 'starting', says: '', warning: null }

  function become(state: PartStatus['state'], says = '', warning: string | null = null): void {
    if (status.state === state && status.says === says && status.warning === warning) return
    if (state === 'off' && status.says !== says) log.warn(`the dispatcher is off: ${says}`)
    status = { state, says, warning }
    onChange()
  }

  async function whileAllowed(config: () => Promise<Config>, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const review = setInterval(async () => {
      const why = await whyNot(config).catch(() => undefined)
      if (why !== undefined) over.abort()
    }, reviewMs)
    try {
      await dispatch({
        ...options,
        config,
        signal: AbortSignal.any([signal, over.signal]),
        onState: ({ failure, warning }) =>
          become(failure === null ? 'on' : 'failed', '', failure ?? warning),
      })
    } finally {
      clearInterval(review)
    }
  }

  async function whyNot(config: () => Promise<Config>): Promise<string | undefined> {
    if (!environment.dispatchInGateway) {
      return 'HERMES_KANBAN_DISPATCH_IN_GATEWAY keeps it out of the gateway: unset it, or start work by hand with hermes kanban dispatch'
    }
    const { dispatcher } = await config()
    if (dispatcher !== 'hermes-kanban') {
      return `kanban.dispatcher is ${dispatcher} in config.yaml: set it to hermes-kanban, or start work by hand with hermes kanban dispatch`
    }
    return otherEdition(root)
  }

  return {
    name: 'dispatcher',
    status: () => status,
    async start(signal) {
      const config = await watchedConfig(root, log)
      while (!signal.aborted) {
        const why =
          (await whyNot(config)) ?? (await unlessTaken(() => whileAllowed(config, signal)))
        if (why === undefined) continue
        become('off', why)
        await atMost(reviewMs, signal)
      }
    },
  }
}

/** The sentence that another dispatcher of this home is answered with. */
async function unlessTaken(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof BoardError && error.code === 'conflict') return error.message
    throw error
  }
}
