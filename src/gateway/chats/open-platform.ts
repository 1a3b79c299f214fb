import { credentialsOf, type PlatformName } from '../../config/platforms.ts'
import type { Variables } from '../../config.ts'
import { type DiscordOptions, discord } from './discord.ts'
import type { Platform } from './platform.ts'
import { type SlackOptions, slack } from './slack.ts'
import { type TelegramOptions, telegram } from './telegram.ts'

/** How long a platform may take for what it is asked, in seconds. */
export type Patience = Pick<TelegramOptions & DiscordOptions & SlackOptions, 'poll' | 'patience'>

/** Loads its library and opens it. Throws `config` or `environment`. */
export function openPlatform(
  name: PlatformName,
  secrets: Variables,
  patience: Patience = {},
): Promise<Platform> {
  const [first = '', second = ''] = credentialsOf(name, secrets)
  const base = secrets[`${name.toUpperCase()}_API_BASE_URL`]?.trim() || undefined
  switch (name) {
    case 'telegram':
      return telegram({ token: first, base, ...patience })
    case 'discord':
      return discord({ token: first, base, ...patience })
    case 'slack':
      return slack({ botToken: first, appToken: second, base, ...patience })
  }
}
