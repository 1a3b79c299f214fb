/** The parts of a gateway that speak with chats: those that somebody has set up. */

import { isMentioned, platformNames } from '../config/platforms.ts'
import { type GatewaySettings, readGatewayConfig, readSecrets } from '../config.ts'
import { createSenders, type Senders } from './notifier/senders.ts'
import type { Part } from './part.ts'
import type { GatewayOptions } from './run.ts'
import { watchedGateway } from './watched-config.ts'

/** What the parts have in common. */
export interface Shared extends GatewayOptions {
  readonly senders: Senders
  /** `gateway:` of config.yaml as it is now. Throws `config`. */
  readonly settings: () => Promise<GatewaySettings>
}

/** None where there is nobody to tell anything; what cannot be read is said by the parts themselves. */
export async function chatParts(options: GatewayOptions, onChange: () => void): Promise<Part[]> {
  const { environment } = options
  const secrets = await readSecrets(environment, { onlyNames: true }).catch(
    () => environment.variables,
  )
  const config = (await readGatewayConfig(environment.root).catch(() => undefined))?.config
  const names = platformNames.filter(
    (name) => isMentioned(name, secrets) || Object.values(config?.[name] ?? {}).flat().length > 0,
  )
  const isQuiet = config !== undefined && Object.keys(config.webhooks).length === 0
  if (names.length === 0 && isQuiet) return []
  const shared = share(options)
  const [{ chatPart }, { notifierPart }] = await Promise.all([
    import('./chats/chat-part.ts'),
    import('./notifier/notifier-part.ts'),
  ])
  return [...names.map((name) => chatPart(name, shared, onChange)), notifierPart(shared, onChange)]
}

export function share(options: GatewayOptions): Shared {
  let watching: ReturnType<typeof watchedGateway> | undefined
  return {
    ...options,
    senders: createSenders(),
    async settings() {
      watching ??= watchedGateway(options.environment.root, options.log)
      try {
        return await (await watching)()
      } catch (error) {
        watching = undefined
        throw error
      }
    },
  }
}
