import type { Client, Interaction, IShardingStrategy, RESTOptions } from 'discord.js'
import { discordError } from './discord-error.ts'
import { buttonEvent, commandEvent, messageEvent } from './discord-events.ts'
import type { Inbound } from './platform.ts'
import { SendError } from './send-error.ts'

export interface SessionOptions {
  readonly library: typeof import('discord.js')
  readonly token: string
  readonly rest: Partial<RESTOptions>
  /** Whether to ask for what is in messages that are not meant for the bot: the owner of the bot has to allow that. */
  readonly seesContent: boolean
  /** Seconds that the library may take to come back by itself. */
  readonly patience: number
}

/** Discord has closed the socket with a code after which the library does not come back. */
export class Closed extends Error {
  readonly code: number

  constructor(code: number) {
    super(`closed with ${code}`)
    this.code = code
  }
}

const withoutContent =
  'the Message Content Intent is off in the Developer Portal: commands, buttons and replies that mention the bot are seen, messages that begin with @profile are not'

/** One login, until the signal. Throws `Closed`, or a `SendError` when the connection is lost and not resumed soon. */
export async function session(
  options: SessionOptions,
  inbound: Inbound,
  signal: AbortSignal,
): Promise<void> {
  const { token, seesContent, patience } = options
  const { client, hushed } = newClient(options)
  const over = Promise.withResolvers<void>()
  over.promise.catch(() => {})
  const late = alarm(() => over.reject(new SendError('down', 'Discord does not answer in time')))
  const stop = (): void => over.resolve()
  const ready = (): void => {
    late.stop()
    inbound.connected(`@${client.user.username}`, seesContent ? null : withoutContent)
  }
  client.on('shardDisconnect', ({ code }) => over.reject(new Closed(code)))
  client.on('shardReconnecting', () => {
    if (!client.isReady()) return
    inbound.disconnected('Discord has closed the connection')
    // Told again at each of the library's tries, two a second: patience is counted from the first.
    late.startOnce(patience)
  })
  client.on('shardResume', ready)
  client.on('shardReady', () => client.isReady() && ready())
  client.on('error', inbound.failed)
  client.on('messageCreate', (message) => {
    const event = messageEvent(message)
    if (event !== undefined) inbound.take(event).catch(inbound.failed)
  })
  client.on('interactionCreate', (interaction) => {
    see(interaction, inbound).catch(inbound.failed)
  })
  signal.addEventListener('abort', stop, { once: true })
  try {
    late.startOnce(2 * patience)
    const begun = new Promise((resolve) => client.once('clientReady', resolve))
    await Promise.race([Promise.all([begun, client.login(token)]), over.promise])
    if (signal.aborted) return
    await register(client, options)
    ready()
    await over.promise
  } catch (error) {
    throw error instanceof Closed ? error : discordError(error)
  } finally {
    late.stop()
    signal.removeEventListener('abort', stop)
    hushed()
    await client.destroy()
  }
}

function newClient({ library, rest, seesContent }: SessionOptions) {
  const { Client, GatewayIntentBits: intent, Options, Partials, SimpleShardingStrategy } = library
  let strategy: IShardingStrategy | undefined
  const client = new Client<true>({
    intents: [
      ...[intent.Guilds, intent.GuildMessages, intent.DirectMessages],
      ...(seesContent ? [intent.MessageContent] : []),
    ],
    // Without it no message of a private chat is told.
    partials: [Partials.Channel],
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 0 }),
    rest,
    ws: {
      buildStrategy(manager) {
        strategy = new SimpleShardingStrategy(manager)
        return strategy
      },
    },
  })
  return { client, hushed: () => hush(strategy) }
}

interface Socket {
  addEventListener(event: 'error', listener: () => void): void
  terminate(): void
}

/**
 * Of a socket that is still connecting the library takes its hands off without closing it. When it fails
 * later nobody hears that, and the whole process ends of it: it is closed here first, and heard.
 */
function hush(strategy: IShardingStrategy | undefined): void {
  const { shards } = (strategy ?? {}) as {
    shards?: ReadonlyMap<number, { connection: (Socket & { readyState: number }) | null }>
  }
  for (const { connection } of shards?.values() ?? []) {
    connection?.addEventListener('error', () => {})
    if (connection?.readyState === 0) connection.terminate()
  }
}

async function see(interaction: Interaction, inbound: Inbound): Promise<void> {
  if (interaction.isChatInputCommand() && interaction.commandName === 'kanban') {
    await inbound.take(commandEvent(interaction), () => interaction.deferReply())
  } else if (interaction.isButton()) {
    await inbound.take(buttonEvent(interaction), () => interaction.deferUpdate())
  }
}

const command = {
  name: 'kanban',
  description: 'The board: create, list, show, unblock',
  options: [
    {
      // Discord's number for a text.
      type: 3 as const,
      name: 'text',
      description: 'What stands behind hermes kanban; help when left out',
      required: false,
    },
  ],
}

/** One command with one text: with commands below it Discord would drop the name of those without options. */
async function register({ application }: Client<true>, { library }: SessionOptions): Promise<void> {
  const known = (await application.commands.fetch()).find(({ name }) => name === command.name)
  const isSame =
    known?.type === library.ApplicationCommandType.ChatInput &&
    known.description === command.description &&
    known.options.length === 1
  if (!isSame) await application.commands.create(command)
}

function alarm(ring: () => void) {
  let timer: NodeJS.Timeout | undefined
  return {
    startOnce(seconds: number): void {
      timer ??= setTimeout(ring, seconds * 1000)
    },
    stop(): void {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
