import { z } from 'zod'
import { backfill } from '../board/backfill.ts'
import { edit as editTask } from '../board/edit.ts'
import { findId } from '../board/find.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import { jsonObject } from '../model/forms.ts'
import { operation } from './operation.ts'

export const edit = operation({
  name: 'edit',
  summary: 'Change the text or the priority of a task, or what a done one handed over.',
  audience: ['operator', 'person'],
  effect: 'write',
  input: z.strictObject({
    task_id: field.taskRef.describe('the task'),
    title: field.words.optional().describe('its new title'),
    body: field.text.nullish().describe('its new text'),
    priority: field.wholeNumber.optional().describe('larger numbers start first'),
    host: field.hostOrAny
      .optional()
      .describe('the machine that it is to be worked on; none for any'),
    result: field.text.optional().describe('of a done task: its result'),
    summary: field.text.optional().describe('of a done task: what it handed over'),
    metadata: jsonObject.optional().describe('of a done task: facts for programs, a JSON object'),
  }),
  run: async ({ task_id, title, body, priority, host, ...handoff }, context) => {
    const text = { title, body, priority, host }
    const filled = given(handoff)
    if (filled.length === 0 && given(text).length === 0) {
      throw new BoardError('usage', `nothing to change on ${task_id}: say what, such as its title`)
    }
    const { store } = await context.board()
    return store.write(async (tx) => {
      const id = await findId(tx, task_id)
      const changed = await editTask(tx, id, text)
      if (filled.length > 0) await backfill(tx, id, handoff)
      return { task_id: id, fields: [...changed, ...filled] }
    })
  },
  command: {
    positional: { task_id: '<id>' },
    flags: {
      title: '--title <text>',
      body: '--body <text>',
      priority: '--priority <n>',
      host: '--host <machine>',
      result: '--result <text>',
      summary: '--summary <text>',
      metadata: '--metadata <json>',
    },
    stdin: 'body',
    examples: [
      't_1a2b3c4d --title "A better title" --priority 5',
      't_1a2b3c4d --body - < notes.md',
      't_1a2b3c4d --summary "Library B, after all"',
    ],
    render: ({ task_id, fields }) =>
      `Edited ${task_id}: ${fields.length === 0 ? 'it was so already' : fields.join(', ')}`,
  },
})

/** The names of what was said. */
function given(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(fields).filter((name) => fields[name] !== undefined)
}
