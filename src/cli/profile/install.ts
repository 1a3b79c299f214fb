import { z } from 'zod'
import { quote } from '../../lib/shell.ts'
import { BoardError } from '../../model/error.ts'
import * as field from '../../model/fields.ts'
import { harmless } from '../../operations/command/output.ts'
import { operation } from '../../operations/operation.ts'
import { findRuntime, type Surroundings } from '../../workers/check-profile.ts'
import { findPortable } from '../../workers/find-portable.ts'
import type { PortableProfile } from '../../workers/portable-profile.ts'
import { surroundingsOf } from '../../workers/profile-book.ts'
import { makeProfile, planProfile } from '../../workers/profile-files.ts'
import type { Profile } from '../../workers/profiles.ts'
import { programOf } from '../../workers/program-of.ts'
import { launch } from '../../workers/runtimes/launch.ts'
import { runtimeOf } from '../../workers/runtimes.ts'
import { changesIn, type Settings, settingFields, settingFlags } from './settings.ts'
import { common, prospect } from './verb.ts'

/** Whether somebody at the terminal agrees; undefined when nobody is there to be asked. */
export type Agree = (about: string) => Promise<boolean | undefined>

/** Anybody can write such a file, and what it says is run: so it is shown first. */
export const install = (agree: Agree) =>
  operation({
    ...common,
    name: 'install_profile',
    summary: 'Make a profile from a file, a folder or a bundled template.',
    input: z.strictObject({
      what: field.words.describe('a file, a folder, or the name of a bundled template'),
      name: field.line.optional().describe('another name for it here'),
      yes: z.boolean().default(false).describe('agree beforehand to what it will run'),
      ...settingFields,
    }),
    run: async ({ what, name, yes, ...settings }, context) => {
      const { root, variables } = context.environment
      const { profile, from, warnings } = await findPortable(what)
      const wanted = adapted({ ...profile, name: name ?? profile.name }, settings)
      const isComplete = 'runtime' in wanted.settings || 'command' in wanted.settings
      const around = await surroundingsOf(root, variables)
      const runtime = isComplete ? undefined : findRuntime(around)
      if (runtime !== undefined) wanted.settings.runtime = runtime
      const plan = await planProfile(root, wanted)
      const runs = commandOf(plan.profile, around)
      if (!yes) await insist(agree, plan.name, harmless(`${question(plan, from, runs)}`))
      await makeProfile(root, wanted)
      const found = runtime === undefined ? {} : { runtime }
      return {
        name: plan.name,
        from,
        runs,
        ...found,
        ...(await prospect(plan.name, context, warnings)),
      }
    },
    command: {
      path: ['profile', 'install'],
      positional: { what: '<what>' },
      flags: { name: '--name <name>', yes: '--yes', ...settingFlags },
      json: true,
      examples: ['researcher', 'researcher --command "node work.mjs" --yes', './team/writer.yaml'],
      render: ({ name, from, runtime }) =>
        runtime === undefined
          ? `Installed profile ${name} from ${from}`
          : `Installed profile ${name} from ${from}  (runtime ${runtime}, the first that was found here)`,
      hint: ({ hint }) => hint,
    },
  })

/** What is said on the command line goes before what the file says. */
function adapted(profile: PortableProfile, settings: Settings) {
  const { runtime, ...own } = profile.settings
  const kept = settings.command === undefined && runtime !== undefined ? { runtime } : {}
  return { ...profile, settings: { ...kept, ...own, ...changesIn(settings) } as Changeable }
}

type Changeable = Record<string, unknown>

/** Null where nothing would be started yet. */
function commandOf(profile: Profile, { root, variables, runtimes }: Surroundings): string | null {
  if (profile.runtime === null && profile.command === null) return null
  const runtime = runtimeOf(profile, runtimes)
  const { argv } = launch(runtime, {
    profile,
    program: programHere(),
    task: '{task}',
    brief: '{brief}',
    model: profile.model,
    skills: profile.skills,
  })
  return argv.map(asTyped).join(' ')

  /** By its name where it is not here yet. */
  function programHere(): readonly string[] {
    try {
      return programOf(runtime, root, variables.PATH ?? '')
    } catch {
      return [runtime.name]
    }
  }
}

/** As somebody would type it: quotes only where they are needed. */
function asTyped(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : quote(word)
}

function question(
  { name, profile }: { name: string; profile: Profile },
  from: string,
  runs: string | null,
): string {
  const env = Object.entries(profile.env).map(([key, value]) => `${key}=${value}`)
  return [
    `Profile ${name}, from ${from}`,
    `  runs as you   ${runs ?? 'nothing yet: it names no runtime'}`,
    ...(env.length === 0 ? [] : [`  with          ${env.join('  ')}`]),
    ...(profile.permissions === 'allow' ? ['  allows its agent whatever it asks for'] : []),
  ].join('\n')
}

async function insist(agree: Agree, name: string, about: string): Promise<void> {
  const agreed = await agree(about)
  if (agreed) return
  throw new BoardError(
    'forbidden',
    agreed === undefined
      ? `${name} was not installed, because nobody is here to agree to what it runs: look at it, and say --yes`
      : `${name} was not installed`,
  )
}
