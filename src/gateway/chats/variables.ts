import type { Variables } from '../../config.ts'
import { BoardError } from '../../model/error.ts'
import type { PlatformName } from './platform.ts'

/** What each platform is opened with. */
const credentials: Readonly<Record<PlatformName, readonly string[]>> = {
  telegram: ['TELEGRAM_BOT_TOKEN'],
  discord: ['DISCORD_BOT_TOKEN'],
  slack: ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'],
}

export function isMentioned(name: PlatformName, secrets: Variables): boolean {
  return credentials[name].some((variable) => secrets[variable]?.trim())
}

/** The values of its credentials. Throws `config` with the names of those that are missing. */
export function credentialsOf(name: PlatformName, secrets: Variables): readonly string[] {
  const missing = credentials[name].filter((variable) => !secrets[variable]?.trim())
  if (missing.length === 0) {
    return credentials[name].map((variable) => String(secrets[variable]).trim())
  }
  const [are, them] = missing.length === 1 ? ['is', 'it'] : ['are', 'them']
  throw new BoardError(
    'config',
    `${missing.join(' and ')} ${are} not set: put ${them} into .env of the home (mode 600), or into the environment`,
  )
}
