import { z } from 'zod'
import * as field from '../../model/fields.ts'
import { writeWhole } from '../../operations/export-file.ts'
import { operation } from '../../operations/operation.ts'
import { exportProfile } from '../../workers/export-profile.ts'
import { portableText } from '../../workers/portable-profile.ts'
import { common } from './verb.ts'

export const exportOne = operation({
  ...common,
  name: 'export_profile',
  summary: 'Write a profile as one YAML file for another machine, without secrets.',
  effect: 'read',
  input: z.strictObject({
    name: field.line.describe('the profile'),
    out: field.words.optional().describe('a new file; else it is printed'),
  }),
  run: async ({ name, out }, { environment }) => {
    const { profile, notes } = await exportProfile(environment.root, name)
    const text = await portableText(profile, notes)
    if (out === undefined) return { name, text, notes, file: null }
    return { name, text, notes, file: await writeWhole(out, once(text)) }
  },
  command: {
    path: ['profile', 'export'],
    positional: { name: '<profile>' },
    flags: { out: '--out <path>' },
    json: true,
    examples: ['researcher --out researcher.yaml'],
    render: ({ name, text, file }) =>
      file === null ? text.replace(/\n$/, '') : `Exported profile ${name} to ${file}`,
    hint: ({ notes }) => (notes.length === 0 ? undefined : notes.join('; ')),
  },
})

async function* once(text: string) {
  yield text
}
