import type { DiscordAPIError, HTTPError, RateLimitError } from 'discord.js'
import { SendError } from './send-error.ts'

/** Of the codes with which the gateway socket closes for good. */
export const disallowedIntents = 4014

const closings: Readonly<Record<number, string>> = {
  4004: 'Discord does not know the token: put the one of your bot into DISCORD_BOT_TOKEN',
  [disallowedIntents]:
    'Discord does not allow this bot what it asks for: look at its intents in the Developer Portal',
}

/** The library does not come back by itself after these. */
export function closedFor(code: number): SendError {
  return new SendError('login', closings[code] ?? `Discord has closed the connection (${code})`)
}

/** Known by their names: a library that is loaded only when it is needed has no classes to compare with. */
export function discordError(error: unknown): unknown {
  const { name = '', message = '', code } = (error ?? {}) as NodeJS.ErrnoException
  if (name.startsWith('RateLimitError')) {
    const { retryAfter } = error as RateLimitError
    return new SendError('later', 'Discord takes no more messages for now', {
      seconds: retryAfter / 1000,
    })
  }
  if (code === 'TokenInvalid') return closedFor(4004)
  if (name.startsWith('DiscordAPIError') || name.startsWith('HTTPError')) {
    const { status } = error as DiscordAPIError | HTTPError
    if (status === 401) return closedFor(4004)
    if (status >= 500) return new SendError('down', `Discord answers ${status}`)
    return new SendError('refused', `Discord answers ${status}: ${message}`)
  }
  if (error instanceof SendError) return error
  const why = code ?? ((error as { cause?: { code?: string } })?.cause?.code || name)
  return new SendError('down', `Discord cannot be reached (${why})`)
}
