import { z } from 'zod'
import * as field from '../../model/fields.ts'
import { slug } from '../../model/slug.ts'
import { operation } from '../../operations/operation.ts'
import { findRuntime } from '../../workers/check-profile.ts'
import { surroundingsOf } from '../../workers/profile-book.ts'
import { makeProfile } from '../../workers/profile-files.ts'
import { changesIn, checkRuntime, checkSkills, settingFields, settingFlags } from './settings.ts'
import { common, prospect } from './verb.ts'

export const create = operation({
  ...common,
  name: 'create_profile',
  summary: 'Make a profile: a name that work can be given to.',
  input: z.strictObject({
    name: field.line.describe('its name: a-z, 0-9, - and _'),
    instructions: field.text.optional().describe('who it is, in words'),
    ...settingFields,
  }),
  run: async ({ name: text, instructions = '', ...settings }, context) => {
    const { root, variables } = context.environment
    const name = slug(text, 'profile')
    checkSkills(root, name, settings.skills)
    const around = await surroundingsOf(root, variables)
    if (settings.runtime !== undefined) checkRuntime(name, settings.runtime, around)
    const isSaid = settings.runtime !== undefined || settings.command !== undefined
    const found = isSaid ? undefined : findRuntime(around)
    const runtime = settings.runtime ?? found
    const { warnings } = await makeProfile(root, {
      name,
      instructions,
      settings: changesIn({ ...settings, runtime }),
      skills: {},
    })
    return {
      name,
      runtime: runtime ?? (settings.command === undefined ? null : 'command'),
      found: found !== undefined,
      ...(await prospect(name, context, warnings)),
    }
  },
  command: {
    path: ['profile', 'create'],
    positional: { name: '<name>' },
    flags: { ...settingFlags, instructions: '--instructions <text>' },
    stdin: 'instructions',
    json: true,
    examples: [
      'translator --description "Translates" --command "node work.mjs" --max-concurrent 2',
    ],
    render: ({ name, runtime, found }) =>
      found
        ? `Created profile ${name}  (runtime ${runtime}, the first that was found here)`
        : `Created profile ${name}  (runtime ${runtime ?? 'none'})`,
    hint: ({ hint }) => hint,
  },
})
