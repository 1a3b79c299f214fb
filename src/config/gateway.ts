/**
 * What can be set under `gateway:` in the config.yaml of the root. Hermes Agent keeps settings of its own
 * under the same name: what is not ours is left alone.
 */

import { join } from 'node:path'
import { z } from 'zod'
import { nearest } from '../lib/nearest.ts'
import { told } from '../model/event.ts'
import { type Read, sectionOf, textOf, unusable } from './file.ts'
import { choice, line, optional } from './values.ts'

const oneId = 'must be an id: text or a whole number'

/** YAML reads an id without quotes as a number, with more digits than a double has: it is parsed exactly. */
const id = z
  .union([z.string(), z.bigint()], { error: oneId })
  .transform((value) => String(value).trim())
  .refine((value) => value !== '', { error: oneId })

const ids = z.array(id, { error: 'must be a list of ids' })

export const platformSettings = z.object(
  {
    allowed_users: ids.default([]).describe('who is answered, by their ids there; nobody else is'),
    allowed_chats: ids
      .default([])
      .describe('chats that are spoken in, besides private ones with allowed users'),
  },
  { error: 'must be a table of settings' },
)

/** A section may be left empty, which YAML reads as null. */
const platform = platformSettings
  .nullish()
  .transform((value) => value ?? { allowed_users: [], allowed_chats: [] })

const httpAddress = 'must be an address that begins with https:// or http://'
const address = line.refine((value) => /^https?:\/\/[^/]/.test(value) && URL.canParse(value), {
  error: httpAddress,
})

const variableName = 'must be the name of a variable'

export const webhookSettings = z.strictObject(
  {
    url: z.string({ error: httpAddress }).pipe(address).describe('where it is sent to, by POST'),
    secret_env: z
      .string({ error: variableName })
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: variableName })
      .describe(
        'the variable, of the environment or `.env`, that holds the secret it is signed with',
      ),
    kinds: z
      .array(choice(...told), { error: 'must be a list of events' })
      .default([...told])
      .describe('events that are sent'),
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `knows no ${issue.keys?.join(', ')}: it takes url, secret_env and kinds`
        : 'must be a table with url and secret_env',
  },
)

const webhookName = /^[a-z0-9][a-z0-9_-]{0,63}$/

export const gatewaySettings = z.object({
  telegram: platform,
  discord: platform,
  slack: platform,
  webhooks: z
    .record(z.string().regex(webhookName), webhookSettings, {
      error: ({ code }) =>
        code === 'invalid_key'
          ? 'must be a name of up to 64 of a-z, 0-9, - and _'
          : 'must be a table of names',
    })
    .nullish()
    .transform((value) => value ?? {})
    .describe('addresses that are told about tasks, by name'),
  dashboard_url: optional(z.string({ error: httpAddress }).pipe(address)).describe(
    'where people in chats reach the dashboard; without it Open prints the task',
  ),
})

export type GatewaySettings = z.output<typeof gatewaySettings>

/** Throws `config` with every fault of the file. Keys that nobody of ours has are only warned of when they look like one. */
export async function readGateway(root: string): Promise<Read<GatewaySettings>> {
  const path = join(root, 'config.yaml')
  const source = await textOf(path)
  const found =
    source === undefined ? {} : await sectionOf(source, path, 'gateway', { intAsBigInt: true })
  const result = gatewaySettings.safeParse(found)
  if (!result.success) throw unusable(path, result.error.issues.map(fault))
  return { value: result.data, warnings: slips(found, path) }
}

/** Never the value: it may be a secret. */
function fault({ path, message }: z.core.$ZodIssue): string {
  return `${['gateway', ...path].join('.')} ${message}`
}

function slips(found: Record<string, unknown>, path: string): string[] {
  const places: readonly (readonly [string, unknown, readonly string[]])[] = [
    ['gateway', found, Object.keys(gatewaySettings.shape)],
    ...(['telegram', 'discord', 'slack'] as const).map(
      (name) => [`gateway.${name}`, found[name], Object.keys(platformSettings.shape)] as const,
    ),
  ]
  return places.flatMap(([place, value, known]) =>
    Object.keys(value ?? {})
      .filter((key) => !known.includes(key))
      .flatMap((key) => {
        const meant = nearest(key, known)
        return meant === undefined
          ? []
          : [
              `${path}: ${place}.${key} is no setting of ours and is left alone; did you mean ${meant}?`,
            ]
      }),
  )
}
