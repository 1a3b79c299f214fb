import type { Log } from '../../lib/log.ts'
import type { missing } from './allow.ts'
import type { Incoming, PlatformName } from './platform.ts'

/** For how long the log says nothing more of a stranger, in seconds. */
const quiet = 3600

/** Of more than these the oldest is forgotten. */
const most = 1000

/** Who has asked and was not answered: told to whoever operates the gateway, never to them. */
export function createStrangers(platform: PlatformName, log: Log, clock: () => number) {
  /** By user and chat, the latest last. */
  const known = new Map<string, { readonly says: string; readonly since: number }>()
  return {
    /** How to answer the latest of them. */
    latest: (): string | null => [...known.values()].at(-1)?.says ?? null,
    note(event: Incoming, lacks: Awaited<ReturnType<typeof missing>>): void {
      const { user, chat_id } = event
      const said = known.get(keyOf(event))
      if (said !== undefined && clock() - said.since < quiet) return
      const who = user.name === '' ? user.id : `${user.id} (${user.name})`
      const ways = lacks.map(
        ({ list, id }) => `${JSON.stringify(id)} to gateway.${platform}.${list}`,
      )
      const says = `${who} in chat ${chat_id} was not answered: to change that, add ${ways.join(' and ')} in config.yaml`
      log.warn(says)
      known.delete(keyOf(event))
      known.set(keyOf(event), { says, since: clock() })
      const [oldest] = known.keys()
      if (known.size > most && oldest !== undefined) known.delete(oldest)
    },
    /** They are answered now. Returns whether they were not before. */
    forget: (event: Incoming): boolean => known.delete(keyOf(event)),
  }
}

function keyOf({ user, chat_id }: Incoming): string {
  return `${user.id} ${chat_id}`
}
