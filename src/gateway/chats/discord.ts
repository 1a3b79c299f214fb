import type { RESTPostAPIChannelMessageResult } from 'discord.js'
import { closedFor, disallowedIntents, discordError } from './discord-error.ts'
import { Closed, session } from './discord-session.ts'
import { discordText } from './discord-text.ts'
import { library as load } from './library.ts'
import type { Message, Platform, Spot } from './platform.ts'
import { SendError } from './send-error.ts'

export interface DiscordOptions {
  readonly token: string
  readonly base: string | undefined
  /** Seconds that an answer may take. */
  readonly patience?: number
}

/** The gateway socket to receive, REST to send. */
export async function discord(options: DiscordOptions): Promise<Platform> {
  const { token, base, patience = 15 } = options
  const library = await load('discord.js', () => import('discord.js'))
  const { REST, Routes } = library
  const limits = {
    ...(base === undefined ? {} : { api: base.replace(/\/+$/, '') }),
    timeout: patience * 1000,
    // Either would hold a message for as long as Discord likes.
    retries: 0,
    rejectOnRateLimit: () => true,
  }
  const rest = new REST(limits).setToken(token)
  let seesContent = true

  async function call<T>(ask: () => Promise<unknown>): Promise<T> {
    try {
      return (await ask()) as T
    } catch (error) {
      throw discordError(error)
    }
  }

  async function post(to: Spot, message: Message, more: object = {}): Promise<string> {
    const body = { ...discordText(message), ...more }
    const path = Routes.channelMessages(to.thread_id || to.chat_id)
    return (await call<RESTPostAPIChannelMessageResult>(() => rest.post(path, { body }))).id
  }

  return {
    name: 'discord',
    nameOf: async ({ id, name }) => name || id,
    async receive(inbound, signal) {
      const begin = (): Promise<void> =>
        session({ library, token, rest: limits, seesContent, patience }, inbound, signal)
      try {
        await begin().catch((error) => {
          if (!(error instanceof Closed) || error.code !== disallowedIntents) throw error
          if (!seesContent) throw error
          seesContent = false
          return begin()
        })
      } catch (error) {
        throw error instanceof Closed ? closedFor(error.code) : error
      }
    },
    post: (to, message) => post(to, message),
    async answer(event, message) {
      if (event.handle === null) {
        const reply = { message_id: event.message_id, fail_if_not_exists: false }
        return post(event, message, event.message_id === null ? {} : { message_reference: reply })
      }
      const [application = '', interaction = ''] = event.handle.split('/')
      const path = Routes.webhookMessage(application, interaction)
      const body = discordText(message)
      try {
        return (await call<{ id: string }>(() => rest.patch(path, { body, auth: false }))).id
      } catch (error) {
        // After 15 minutes Discord knows nothing of the command any more.
        if (!(error instanceof SendError) || error.failure !== 'refused') throw error
        return post(event, message)
      }
    },
    async edit(at, id, message) {
      const path = Routes.channelMessage(at.thread_id || at.chat_id, id)
      await call(() => rest.patch(path, { body: discordText(message) }))
    },
  }
}
