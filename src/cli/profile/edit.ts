import { z } from 'zod'
import { profileSettings } from '../../config/profile.ts'
import { nearest } from '../../lib/nearest.ts'
import { BoardError } from '../../model/error.ts'
import * as field from '../../model/fields.ts'
import { operation } from '../../operations/operation.ts'
import { surroundingsOf } from '../../workers/profile-book.ts'
import { editProfile } from '../../workers/profile-files.ts'
import { profileFile } from '../../workers/profile-paths.ts'
import { readProfile } from '../../workers/profiles.ts'
import { changesIn, checkRuntime, checkSkills, settingFields, settingFlags } from './settings.ts'
import { common, prospect } from './verb.ts'

const keys = Object.keys(profileSettings.shape)

const setting = field.line.refine((key) => keys.includes(key.split('.')[0] ?? ''), {
  error: ({ input }) => {
    const meant = nearest(String(input), keys)
    const hint = meant === undefined ? `use one of ${keys.join(', ')}` : `did you mean ${meant}?`
    return `has ${JSON.stringify(input)}, which is no setting: ${hint}`
  },
})

export const edit = operation({
  ...common,
  name: 'edit_profile',
  summary: 'Change settings of a profile; comments and foreign keys of its file stay.',
  input: z.strictObject({
    name: field.line.describe('the profile'),
    ...settingFields,
    unset: z.array(setting).optional().describe('a setting to take out, such as model or env.KEY'),
  }),
  run: async ({ name, unset = [], ...settings }, context) => {
    const { root, variables } = context.environment
    checkSkills(root, name, settings.skills)
    const out = unset.map((key) => [key, undefined])
    const changes = { ...changesIn(settings), ...Object.fromEntries(out) }
    if (Object.keys(changes).length === 0) {
      await readProfile(root, name)
      throw new BoardError(
        'usage',
        `nothing to change on ${name}: name a setting such as --model, or edit ${profileFile(root, name)}`,
      )
    }
    if (settings.runtime !== undefined) {
      checkRuntime(name, settings.runtime, await surroundingsOf(root, variables))
    }
    const { warnings } = await editProfile(root, name, changes)
    return { name, settings: Object.keys(changes), ...(await prospect(name, context, warnings)) }
  },
  command: {
    path: ['profile', 'edit'],
    positional: { name: '<profile>' },
    flags: { ...settingFlags, unset: '--unset <setting>' },
    json: true,
    examples: ['researcher --model sonnet --max-runtime 2h', 'researcher --unset model'],
    render: ({ name, settings }) => `Edited profile ${name}: ${settings.join(', ')}`,
    hint: ({ hint }) => hint,
  },
})
