import type { Api, GrammyError, HttpError } from 'grammy'
import { library } from './library.ts'
import type { Incoming, Message, Platform, Spot } from './platform.ts'
import { SendError } from './send-error.ts'
import { telegramEvent } from './telegram-events.ts'
import { telegramText } from './telegram-text.ts'

export interface TelegramOptions {
  readonly token: string
  readonly base: string | undefined
  /** Seconds for which Telegram may hold a poll that finds nothing. */
  readonly poll?: number
  /** Seconds that an answer may take beyond that. */
  readonly patience?: number
}

type Abort = Parameters<Api['getMe']>[0]
type SendOptions = Parameters<Api['sendMessage']>[2]

/**
 * Long polling by our own loop over grammY's client: an update is confirmed only once it is kept, and a
 * connection that is lost is seen.
 */
export async function telegram(options: TelegramOptions): Promise<Platform> {
  const { token, base, poll = 30, patience = 15 } = options
  const grammy = await library('grammy', () => import('grammy'))
  const api = new grammy.Api(token, {
    apiRoot: (base ?? 'https://api.telegram.org').replace(/\/+$/, ''),
    // Of a poll, which hangs otherwise for the 500 s of the library; all else is given less time.
    timeoutSeconds: poll + patience,
  })

  /** Throws what the platform says as a `SendError`. */
  async function call<T>(ask: (signal: Abort) => Promise<T>): Promise<T> {
    try {
      return await ask(AbortSignal.timeout(patience * 1000) as Abort)
    } catch (error) {
      throw told(error)
    }
  }

  async function send(to: Spot, message: Message, more: SendOptions = {}) {
    const topic = to.thread_id === '' ? {} : { message_thread_id: Number(to.thread_id) }
    const { text, look } = telegramText(message)
    const reply = message.asks
      ? { reply_markup: { force_reply: true, selective: true } as const }
      : {}
    const options = { ...look, ...reply, ...topic, ...more }
    const sent = await call((signal) => api.sendMessage(to.chat_id, text, options, signal))
    return String(sent.message_id)
  }

  return {
    name: 'telegram',
    nameOf: async ({ id, name }) => name || id,
    async receive(inbound, signal) {
      const { username } = await call((within) => api.getMe(within))
      await call((within) => register(api, within))
      inbound.connected(`@${username}`, null)
      let offset = 0
      while (!signal.aborted) {
        const asked = {
          offset,
          timeout: poll,
          allowed_updates: ['message', 'callback_query'],
        } as const
        const updates = await api.getUpdates(asked, signal as Abort).catch((error) => {
          if (signal.aborted) return []
          throw told(error)
        })
        for (const update of updates) {
          const { migrate_to_chat_id: to, chat } = update.message ?? {}
          if (to !== undefined && chat !== undefined) await inbound.moved(`${chat.id}`, `${to}`)
          const event = telegramEvent(update, username)
          const button = update.callback_query?.id
          const acknowledge = async () => button && api.answerCallbackQuery(button)
          if (event !== undefined) await inbound.take(event, acknowledge)
          offset = update.update_id + 1
        }
      }
    },
    post: (to, message) => send(to, message),
    answer: (event: Incoming, message) =>
      send(event, message, {
        reply_parameters: {
          message_id: Number(event.message_id),
          allow_sending_without_reply: true,
        },
      }),
    async edit(at, id, message) {
      const { text, look } = telegramText(message)
      await call((signal) => api.editMessageText(at.chat_id, Number(id), text, look, signal)).catch(
        (error) => {
          if (!/message is not modified/.test(error.message)) throw error
        },
      )
    },
  }
}

/** Puts /kanban into the bot's menu, beside what is there. */
async function register(api: Api, signal: Abort): Promise<void> {
  const own = { command: 'kanban', description: 'The board: create, list, show, unblock' }
  const commands = await api.getMyCommands({}, signal)
  const known = commands.find(({ command }) => command === own.command)
  if (known?.description === own.description) return
  const others = commands.filter(({ command }) => command !== own.command)
  await api.setMyCommands([...others, own], {}, signal)
}

/** The error of a request holds its address, and that the token: none of it is passed on. */
function told(error: unknown): unknown {
  if (isGrammyError(error)) {
    const { error_code: code, description, parameters } = error
    if (parameters.migrate_to_chat_id !== undefined) {
      return new SendError('moved', description, { to: String(parameters.migrate_to_chat_id) })
    }
    if (code === 429) {
      return new SendError('later', description, { seconds: parameters.retry_after ?? 5 })
    }
    if (code === 401 || code === 404) {
      return new SendError(
        'login',
        'Telegram does not know the token: put the one that @BotFather gave you into TELEGRAM_BOT_TOKEN',
      )
    }
    if (code === 409) {
      return new SendError(
        'login',
        'another program receives for this bot: end it, or let @BotFather make a bot for this gateway alone',
      )
    }
    return new SendError(code >= 500 ? 'down' : 'refused', description)
  }
  if ((error as HttpError).name === 'HttpError') {
    const { code, message = '' } = ((error as HttpError).error ?? {}) as NodeJS.ErrnoException
    const why = code ?? (/timed out|abort/i.test(message) ? 'no answer in time' : 'no connection')
    return new SendError('down', `Telegram cannot be reached (${why})`)
  }
  return error
}

function isGrammyError(error: unknown): error is GrammyError {
  return error instanceof Error && error.name === 'GrammyError'
}
