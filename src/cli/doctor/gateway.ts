/** Whether those who are to be told in a chat, or over a webhook, would be: keys, lists, libraries. */

import { statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import {
  isMentioned,
  missingOf,
  needs,
  type PlatformName,
  platformNames,
  toInstall,
} from '../../config/platforms.ts'
import {
  type Environment,
  type GatewaySettings,
  readGatewayConfig,
  readSecrets,
  type Variables,
} from '../../config.ts'
import { BoardError } from '../../model/error.ts'
import { type Finding, fine, warning } from './finding.ts'

/** None where nobody has set anything up. */
export async function checkGateway(
  facts: Environment,
  has: (library: string) => boolean = isInstalled,
): Promise<Finding[]> {
  const { root } = facts
  const keys = checkKeys(root)
  try {
    const { config, warnings } = await readGatewayConfig(root)
    const secrets = await readSecrets(facts, { onlyNames: true })
    const slips = warnings.map((says) =>
      warning('gateway', says, 'correct the name, or leave it if it is meant for Hermes Agent'),
    )
    const used = platformNames.filter((name) => isUsed(name, config, secrets))
    return [
      ...keys,
      ...slips,
      ...used.flatMap((name) => checkPlatform(name, config, secrets, has)),
      ...checkWebhooks(config, secrets),
    ]
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    const next =
      'correct the file: until then a gateway that runs goes on with the settings from before, and one that is started tells no chat and no webhook anything'
    return [...keys, warning('gateway', error.message, next)]
  }
}

function checkKeys(root: string): Finding[] {
  const path = join(root, '.env')
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return []
  return (found.mode & 0o077) === 0
    ? [fine('.env', path)]
    : [warning('.env', `${path} can be read by others, so it is not used`, `chmod 600 ${path}`)]
}

function isUsed(name: PlatformName, config: GatewaySettings, secrets: Variables): boolean {
  return isMentioned(name, secrets) || Object.values(config[name]).flat().length > 0
}

function checkPlatform(
  name: PlatformName,
  config: GatewaySettings,
  secrets: Variables,
  has: (library: string) => boolean,
): Finding[] {
  const { allowed_users: users } = config[name]
  const unset = missingOf(name, secrets)
  const absent = needs[name].libraries.filter((library) => !has(library))
  const faults = [
    ...unset.map((variable) => warning(name, `${variable} is not set`, `put it into .env`)),
    ...absent.map((library) => warning(name, `its library ${library} is not installed`, toInstall)),
  ]
  if (users.length === 0) {
    const says = `nobody is answered: gateway.${name}.allowed_users in config.yaml is empty`
    const next = 'write to the bot, and take the line to add from hermes gateway status'
    faults.push(warning(name, says, next))
  }
  const whom = users.length === 1 ? 'one user' : `${users.length} users`
  return faults.length > 0 ? faults : [fine(name, `has its keys, and answers ${whom}`)]
}

function checkWebhooks({ webhooks }: GatewaySettings, secrets: Variables): Finding[] {
  return Object.entries(webhooks).map(([name, { secret_env: variable }]) => {
    const about = `webhook ${name}`
    if (secrets[variable]?.trim()) return fine(about, 'has its secret')
    return warning(about, `${variable} is not set, so nothing is sent`, 'put it into .env')
  })
}

function isInstalled(library: string): boolean {
  try {
    createRequire(import.meta.filename).resolve(library)
    return true
  } catch {
    return false
  }
}
