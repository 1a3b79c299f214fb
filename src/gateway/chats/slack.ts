import type { SocketModeClient } from '@slack/socket-mode'
import type { WebClient, WebClientOptions } from '@slack/web-api'
import { library } from './library.ts'
import type { Inbound, Incoming, Message, Platform, Spot } from './platform.ts'
import { SendError } from './send-error.ts'
import { slackError } from './slack-error.ts'
import { slackEvent } from './slack-events.ts'
import { slackText } from './slack-text.ts'

export interface SlackOptions {
  readonly botToken: string
  readonly appToken: string
  readonly base: string | undefined
  /** Seconds that an answer, or the beginning of a connection, may take. */
  readonly patience?: number
}

interface Envelope {
  readonly type: string
  readonly body: unknown
  readonly ack: () => Promise<void>
}

/** How many names of users are kept. */
const mostNames = 1000

/**
 * Socket mode. The library's own reconnecting is off: when Slack refuses it, nobody can catch what it
 * throws. So are its retries, which hold a message for half an hour.
 */
export async function slack(options: SlackOptions): Promise<Platform> {
  const { botToken, appToken, base, patience = 15 } = options
  const [socketMode, webApi] = await Promise.all([
    library('@slack/socket-mode', () => import('@slack/socket-mode')),
    library('@slack/web-api', () => import('@slack/web-api')),
  ])
  const common: WebClientOptions = {
    ...(base === undefined ? {} : { slackApiUrl: base }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: patience * 1000,
    logger: quiet,
  }
  const web: WebClient = new webApi.WebClient(botToken, common)
  const names = new Map<string, string>()

  async function call<T>(ask: () => Promise<T>, variable = 'SLACK_BOT_TOKEN'): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      throw slackError(error, variable)
    }
  }

  async function post(to: Spot, message: Message): Promise<string> {
    const thread = to.thread_id === '' ? {} : { thread_ts: to.thread_id }
    const sent = await call(() =>
      web.chat.postMessage({ channel: to.chat_id, ...slackText(message), ...thread }),
    )
    return sent.ts ?? ''
  }

  return {
    name: 'slack',
    async nameOf({ id, name }) {
      const known = name || names.get(id)
      if (known) return known
      const found = await web.users.info({ user: id }).catch(() => undefined)
      const handle = found?.user?.name || id
      if (names.size >= mostNames) names.clear()
      names.set(id, handle)
      return handle
    },
    async receive(inbound, signal) {
      const me = await call(() => web.auth.test())
      const socket = new socketMode.SocketModeClient({
        appToken,
        autoReconnectEnabled: false,
        logger: quiet,
        clientOptions: {
          ...common,
          fetch: (url, init) =>
            fetch(url, { ...init, signal: AbortSignal.any([signal, ...given(init?.signal)]) }),
        },
      })
      const lost = Promise.withResolvers<void>()
      socket.on('disconnected', () => lost.resolve())
      socket.on('slack_event', (envelope: Envelope) => {
        void handOver(envelope, me.user_id ?? '', inbound)
      })
      const hangUp = () => void disconnect(socket)
      signal.addEventListener('abort', hangUp, { once: true })
      try {
        await call(() => started(socket, patience, signal), 'SLACK_APP_TOKEN')
        inbound.connected(`${me.user} in ${me.team}`, null)
        if (!signal.aborted) await lost.promise
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        signal.removeEventListener('abort', hangUp)
        await disconnect(socket)
      }
      if (!signal.aborted) throw new SendError('down', 'Slack has closed the connection')
    },
    post,
    answer: async (event: Incoming, message) => {
      try {
        return await post(event, message)
      } catch (error) {
        if (event.handle === null || !isRefused(error)) throw error
        await whisper(event.handle, message, error.message, patience).catch(() => {
          throw error
        })
        return ''
      }
    },
    async edit({ chat_id: channel }, ts, message) {
      const { text, blocks = [] } = slackText({ ...message, buttons: message.buttons ?? [] })
      await call(() => web.chat.update({ channel, ts, text, blocks, parse: 'none' }))
    },
  }
}

/** Slack delivers again what is not acknowledged; what strangers say is acknowledged and no more. */
async function handOver(
  { type, body, ack }: Envelope,
  bot: string,
  inbound: Inbound,
): Promise<void> {
  try {
    const event = slackEvent(type, body, bot)
    const taken = event !== undefined && event.user.id !== bot && (await inbound.take(event, ack))
    if (!taken) await ack()
  } catch (error) {
    inbound.failed(error)
  }
}

/** The library waits for ever for a socket that opens and says nothing. */
async function started(
  socket: SocketModeClient,
  patience: number,
  signal: AbortSignal,
): Promise<void> {
  let late: NodeJS.Timeout | undefined
  socket.once('connecting', () => {
    late = setTimeout(() => void disconnect(socket), signal.aborted ? 0 : patience * 1000)
  })
  try {
    await socket.start()
  } finally {
    clearTimeout(late)
  }
}

/** How long the other end may take to agree, in milliseconds. Told twice, the library asks it no more. */
const agreeMs = 1000

async function disconnect(socket: SocketModeClient): Promise<void> {
  const again = setTimeout(() => void socket.disconnect(), agreeMs)
  await socket.disconnect()
  clearTimeout(again)
}

/** Where the bot may not write, who asked is told so: a slash command can be answered to its user alone. */
async function whisper(
  address: string,
  message: Message,
  why: string,
  patience: number,
): Promise<void> {
  const { text } = slackText({ ...message, text: `${message.text}\n\n${why}` })
  await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ response_type: 'ephemeral', text }),
    signal: AbortSignal.timeout(patience * 1000),
  })
}

function isRefused(error: unknown): error is SendError {
  return error instanceof SendError && error.failure === 'refused'
}

function given<T>(value: T | null | undefined): T[] {
  return value == null ? [] : [value]
}

const nothing = () => {}

/** The libraries write to the console by themselves; what matters of it is thrown as well. */
const quiet: NonNullable<WebClientOptions['logger']> = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => 'error' as ReturnType<NonNullable<WebClientOptions['logger']>['getLevel']>,
}
