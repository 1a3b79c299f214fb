import { isMentioned, type PlatformName } from '../../config/platforms.ts'
import { readSecrets, type Variables } from '../../config.ts'
import { otherGateway } from '../../dispatcher/other-edition.ts'
import type { Store } from '../../store/store.ts'
import { noteMove, notePrivate, userOf } from '../memory/chats.ts'
import { openMemory } from '../memory/open.ts'
import type { Part, PartStatus } from '../part.ts'
import type { Shared } from '../parts.ts'
import { missing } from './allow.ts'
import { chatSender } from './chat-sender.ts'
import { type Inbox, openInbox } from './inbox.ts'
import { openPlatform, type Patience } from './open-platform.ts'
import type { Inbound, Incoming, Platform } from './platform.ts'
import { redact } from './redact.ts'
import { excuse, isForUs, see } from './see.ts'
import { stayConnected } from './stay-connected.ts'
import { createStrangers } from './strangers.ts'

export interface ChatTiming extends Patience {
  /** Milliseconds before each further try to connect. */
  readonly waits?: readonly number[]
}

/** How soon status knows that the lists are others, in milliseconds. */
const reviewMs = 2000

const usualWaits = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000]

/** One platform, kept connected: what comes in is seen to, and the notifier can speak there. */
export function chatPart(
  name: PlatformName,
  shared: Shared,
  onChange: () => void,
  { waits = usualWaits, ...patience }: ChatTiming = {},
): Part {
  const { environment, clock, senders, settings } = shared
  const { root } = environment
  const log = shared.log.part(name)
  const strangers = createStrangers(name, log, clock)
  let status: PartStatus = { state: 'starting', says: '', warning: null }
  /** What is wrong although it is connected. */
  let trouble: string | null = null

  function become(state: PartStatus['state'], says: string, warning: string | null = null): void {
    if (status.state === state && status.says === says && status.warning === warning) return
    status = { state, says, warning }
    onChange()
  }

  async function isOn(as: string): Promise<void> {
    const lists = (await settings())[name]
    // Lost again in the meantime.
    if (senders.get(name) === undefined) return
    const nobody =
      lists.allowed_users.length === 0
        ? `nobody is answered: gateway.${name}.allowed_users in config.yaml is empty; write to the bot, and your id is named here`
        : null
    const said = [trouble, strangers.latest(lists) ?? nobody].filter((one) => one !== null)
    become('on', as, said.length === 0 ? null : said.join('; '))
  }

  function inboundOf(platform: Platform, memory: Store, inbox: Inbox): Inbound {
    const sender = chatSender(platform, memory, log, settings)
    const failed = (error: unknown): void => log.error(`an event was lost: ${redact(error)}`)
    return {
      failed,
      connected(as, warning) {
        trouble = warning
        if (status.state !== 'on') log.info(`connected as ${as}`)
        senders.set(name, sender)
        isOn(`as ${as}`).then(inbox.resume).catch(failed)
      },
      disconnected(why) {
        senders.set(name, undefined)
        become('failed', `${why}; it is connecting again`)
      },
      async take(event, acknowledge = async () => {}) {
        if (!(await isForUs(event, name, memory, root))) return false
        const lacks = await missing(name, (await settings())[name], memory, event)
        if (lacks.length > 0) {
          strangers.note(event, lacks)
          if (status.state === 'on') await isOn(status.says)
          return false
        }
        if (strangers.forget(event) && status.state === 'on') await isOn(status.says)
        if (event.isPrivate) await notePrivateChat(name, memory, event)
        await inbox.put(event, acknowledge)
        return true
      },
      async moved(from, to) {
        if (!(await settings())[name].allowed_chats.includes(from)) return
        log.warn(`chat ${from} is ${to} now: change it in gateway.${name}.allowed_chats`)
        await memory.write((tx) => noteMove(tx, { platform: name, chat_id: from }, to))
      },
    }
  }

  /** Resolves with false when it is to be opened anew. */
  async function open(signal: AbortSignal): Promise<boolean> {
    await settings()
    const secrets = await readSecrets(environment)
    const platform = await openPlatform(name, secrets, patience)
    const memory = await openMemory(root, clock)
    try {
      const seeing = { ...shared, log, platform, memory, signal }
      const inbox = await openInbox({
        platform: name,
        memory,
        log,
        signal,
        see: (event) => see(event, seeing),
        excuse: (event) => excuse(event, seeing),
      })
      return await connect(platform, memory, inbox, secrets, signal).finally(inbox.idle)
    } finally {
      await memory.close()
    }
  }

  function connect(
    platform: Platform,
    memory: Store,
    inbox: Inbox,
    secrets: Variables,
    signal: AbortSignal,
  ): Promise<boolean> {
    const inbound = inboundOf(platform, memory, inbox)
    const review = setInterval(() => {
      if (status.state === 'on') isOn(status.says).catch(inbound.failed)
    }, reviewMs)
    return stayConnected(
      {
        waits,
        usedBy: () => usedBy(secrets),
        isStale: async () =>
          JSON.stringify(await readSecrets(environment)) !== JSON.stringify(secrets),
        receive: (over) =>
          platform.receive(inbound, over).finally(() => senders.set(name, undefined)),
        onOff: (why) => become('off', why),
        onLost(why, wait) {
          if (!status.says.startsWith(why)) log.warn(why)
          become('failed', `${why}; tried again in ${Math.max(1, Math.round(wait / 1000))} s`)
        },
      },
      signal,
    ).finally(() => clearInterval(review))
  }

  /** The keys in `.env` are those of Hermes Agent too: two programs cannot receive for one bot. */
  async function usedBy(secrets: Variables): Promise<string | undefined> {
    if (isMentioned(name, environment.variables) || !isMentioned(name, secrets)) return undefined
    const pid = await otherGateway(root)
    return pid === undefined
      ? undefined
      : `process ${pid}, the gateway of Hermes Agent, uses the bot that .env names: stop it, or give this gateway a bot of its own by its environment`
  }

  return {
    name,
    status: () => status,
    async start(signal) {
      while (!(await open(signal)));
    },
  }
}

async function notePrivateChat(platform: string, memory: Store, event: Incoming): Promise<void> {
  const place = { platform, chat_id: event.chat_id }
  const known = await memory.read((reader) => userOf(reader, place))
  if (known !== event.user.id) await memory.write((tx) => notePrivate(tx, place, event.user.id))
}
