/** A profile as it can be given to others: without secrets. */

import { dirname } from 'node:path'
import type { PortableProfile } from './portable-profile.ts'
import { portableFolder } from './profile-folder.ts'
import { profileFile, readProfile } from './profiles.ts'

export interface Exported {
  readonly profile: PortableProfile
  /** What was left out, or should be looked at before it is passed on: a sentence each, without the value. */
  readonly notes: readonly string[]
}

/** Throws `not_found` and `config`. */
export async function exportProfile(root: string, name: string): Promise<Exported> {
  await readProfile(root, name)
  const whole = await portableFolder(dirname(profileFile(root, name)), name)
  const { env = {}, ...settings } = whole.settings
  const variables = Object.entries(env as Record<string, unknown>)
  const secret = variables.filter(([key, value]) => isSecret(key, String(value)))
  const kept = variables.filter((entry) => !secret.includes(entry))
  return {
    profile: {
      ...whole,
      settings: { ...settings, ...(kept.length === 0 ? {} : { env: Object.fromEntries(kept) }) },
      // Those in the home are everybody's.
      skills: name === 'default' ? {} : whole.skills,
    },
    notes: [
      ...secret.map(
        ([key]) =>
          `left out kanban.env.${key}, which looks like a secret: set it to \${${key}} where this is installed, and have ${key} in the environment there`,
      ),
      ...Object.entries(settings)
        .filter(([, value]) => looksSecret(JSON.stringify(value)))
        .map(
          ([key]) => `kanban.${key} looks as if a secret were in it: look before you pass this on`,
        ),
    ],
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
