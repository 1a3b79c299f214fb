/** The chat platforms, and what each is opened with. */

import type { Variables } from '../config.ts'
import { BoardError } from '../model/error.ts'

export const platformNames = ['telegram', 'discord', 'slack'] as const
export type PlatformName = (typeof platformNames)[number]

interface Needs {
  /** Variables of the environment or of `.env`. */
  readonly credentials: readonly string[]
  /** Packages, which somebody without chats need not install. */
  readonly libraries: readonly string[]
}

export const needs: Readonly<Record<PlatformName, Needs>> = {
  telegram: { credentials: ['TELEGRAM_BOT_TOKEN'], libraries: ['grammy'] },
  discord: { credentials: ['DISCORD_BOT_TOKEN'], libraries: ['discord.js'] },
  slack: {
    credentials: ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'],
    libraries: ['@slack/socket-mode', '@slack/web-api'],
  },
}

export const toInstall = 'npm install -g hermes-kanban --include=optional'

export function isMentioned(name: PlatformName, secrets: Variables): boolean {
  return needs[name].credentials.some((variable) => isSet(secrets, variable))
}

/** The names of the credentials that it lacks. */
export function missingOf(name: PlatformName, secrets: Variables): readonly string[] {
  return needs[name].credentials.filter((variable) => !isSet(secrets, variable))
}

/** The values of its credentials. Throws `config` with the names of those that are missing. */
export function credentialsOf(name: PlatformName, secrets: Variables): readonly string[] {
  const missing = missingOf(name, secrets)
  if (missing.length === 0) {
    return needs[name].credentials.map((variable) => String(secrets[variable]).trim())
  }
  const [are, them] = missing.length === 1 ? ['is', 'it'] : ['are', 'them']
  throw new BoardError(
    'config',
    `${missing.join(' and ')} ${are} not set: put ${them} into .env of the home (mode 600), or into the environment`,
  )
}

function isSet(secrets: Variables, variable: string): boolean {
  return Boolean(secrets[variable]?.trim())
}
