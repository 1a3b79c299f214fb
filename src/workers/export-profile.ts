/** A profile as it can be given to others: without secrets. */

import type { PortableProfile } from './portable-profile.ts'
import { portableFolder } from './profile-folder.ts'
import { profileFolder } from './profile-paths.ts'
import { readProfile } from './profiles.ts'

export interface Exported {
  readonly profile: PortableProfile
  /** What was left out, or should be looked at before it is passed on: a sentence each, without the value. */
  readonly notes: readonly string[]
}

/** Throws `not_found` and `config`. */
export async function exportProfile(root: string, name: string): Promise<Exported> {
  await readProfile(root, name)
  const whole = await portableFolder(profileFolder(root, name), name)
  const { env, mcp_servers, ...settings } = whole.settings
  const own = withoutSecrets(env, 'kanban.env')
  const servers = Object.entries(tableIn(mcp_servers)).map(([name, server]) => {
    const { env: variables, headers, ...rest } = tableIn(server)
    const path = `kanban.mcp_servers.${name}`
    const parts = [
      ['env', withoutSecrets(variables, `${path}.env`)] as const,
      ['headers', withoutSecrets(headers, `${path}.headers`)] as const,
    ]
    const kept = parts.flatMap(([key, { table }]) => (isEmpty(table) ? [] : [[key, table]]))
    return {
      entry: [name, { ...rest, ...Object.fromEntries(kept) }],
      notes: parts.flatMap(([, { notes }]) => notes),
    }
  })
  const tables = {
    env: own.table,
    mcp_servers: Object.fromEntries(servers.map(({ entry }) => entry)),
  }
  const filled = Object.entries(tables).filter(([, table]) => !isEmpty(table))
  return {
    profile: {
      ...whole,
      settings: { ...settings, ...Object.fromEntries(filled) },
      // Those in the home are everybody's.
      skills: name === 'default' ? {} : whole.skills,
    },
    notes: [
      ...own.notes,
      ...servers.flatMap(({ notes }) => notes),
      ...Object.entries({ ...settings, mcp_servers: tables.mcp_servers })
        .filter(([, value]) => looksSecret(JSON.stringify(value)))
        .map(
          ([key]) => `kanban.${key} looks as if a secret were in it: look before you pass this on`,
        ),
    ],
  }
}

type Table = Readonly<Record<string, unknown>>

/** Settings as they were written: whatever is no table has nothing in it. */
function tableIn(value: unknown): Table {
  return typeof value === 'object' && value !== null ? (value as Table) : {}
}

function isEmpty(table: Table): boolean {
  return Object.keys(table).length === 0
}

/** Of names and values, those that can be passed on, and a note for each other. */
function withoutSecrets(value: unknown, path: string) {
  const all = Object.entries(tableIn(value))
  const secret = all.filter(([key, text]) => isSecret(key, String(text)))
  return {
    table: Object.fromEntries(all.filter((entry) => !secret.includes(entry))),
    notes: secret.map(
      ([key]) =>
        `left out ${path}.${key}, which looks like a secret: set it to \${${key}} where this is installed, and have ${key} in the environment there`,
    ),
  }
}

/** A literal under a name that says so, or one in the form of a key. A reference to our environment is none. */
function isSecret(key: string, value: string): boolean {
  const literal = value.replace(/\$\{\w+\}/g, '')
  if (looksSecret(literal)) return true
  const isNamed = /key|token|secret|passw|credential|auth|cookie|private/i.test(key)
  // `Bearer ${TOKEN}` has a literal part, and no secret in it.
  return isNamed && (literal === value ? value !== '' : literal.length > 16)
}

const forms = [
  /\b[spr]k-[\w-]{16}/,
  /\bgh[opsu]_\w{16}|\bgithub_pat_/,
  /\bxox[abps]-/,
  /\bAKIA[0-9A-Z]{12}/,
  /\beyJ[\w-]{16}/,
  /-----BEGIN /,
  /:\/\/[^/\s:@]*:[^/\s@]+@/,
]

function looksSecret(text: string): boolean {
  return forms.some((form) => form.test(text))
}
