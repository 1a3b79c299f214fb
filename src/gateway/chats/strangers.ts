import type { PlatformName } from '../../config/platforms.ts'
import type { GatewaySettings } from '../../config.ts'
import type { Log } from '../../lib/log.ts'
import type { missing } from './allow.ts'
import type { Incoming } from './platform.ts'

/** For how long the log says nothing more of a stranger, in seconds. */
const quiet = 3600

/** Of more than these the oldest is forgotten. */
const most = 1000

type Lists = GatewaySettings[PlatformName]
type Lacks = Awaited<ReturnType<typeof missing>>

interface Stranger {
  readonly event: Pick<Incoming, 'user' | 'chat_id'>
  readonly lacks: Lacks
  readonly since: number
}

/** Who has asked and was not answered: told to whoever operates the gateway, never to them. */
export function createStrangers(platform: PlatformName, log: Log, clock: () => number) {
  /** By user and chat, the latest last. */
  const known = new Map<string, Stranger>()
  return {
    /** How to answer the latest of them; null where the lists, as they are now, have everybody. */
    latest(lists: Lists): string | null {
      for (const { event, lacks } of [...known.values()].reverse()) {
        const left = lacks.filter(({ list, id }) => !lists[list].includes(id))
        if (left.length > 0) return saysOf(platform, event, left)
      }
      return null
    },
    note({ user, chat_id }: Incoming, lacks: Lacks): void {
      const event = { user, chat_id }
      const key = keyOf(event)
      const said = known.get(key)
      if (said !== undefined && clock() - said.since < quiet) return
      log.warn(saysOf(platform, event, lacks))
      known.delete(key)
      known.set(key, { event, lacks, since: clock() })
      const [oldest] = known.keys()
      if (known.size > most && oldest !== undefined) known.delete(oldest)
    },
    /** They are answered now. Returns whether they were not before. */
    forget: (event: Incoming): boolean => known.delete(keyOf(event)),
  }
}

function saysOf(platform: PlatformName, { user, chat_id }: Stranger['event'], lacks: Lacks) {
  const who = user.name === '' ? user.id : `${user.id} (${user.name})`
  const ways = lacks.map(({ list, id }) => `${JSON.stringify(id)} to gateway.${platform}.${list}`)
  return `${who} in chat ${chat_id} was not answered: to change that, add ${ways.join(' and ')} in config.yaml`
}

function keyOf({ user, chat_id }: Stranger['event']): string {
  return `${user.id} ${chat_id}`
}
