import { z } from 'zod'
import { findId } from '../board/find.ts'
import * as field from '../model/fields.ts'
import { followLog } from '../workers/follow-log.ts'
import { logPath, readTail } from '../workers/log.ts'
import { operation, refFor } from './operation.ts'

export const log = operation({
  name: 'log',
  summary: "Print what a task's workers wrote.",
  audience: ['worker', 'operator', 'person'],
  effect: 'read',
  input: z.strictObject({
    task_id: field.taskRef.optional().describe('the task'),
    tail: z
      .number()
      .int()
      .min(1, 'must be 1 or more')
      .default(1024 * 1024)
      .describe('how many bytes, the latest'),
    follow: z.boolean().default(false).describe('go on with what is written from now on'),
  }),
  run: async ({ task_id, tail, follow }, context) => {
    const { store, logs } = await context.board()
    const id = await store.read((reader) => findId(reader, refFor(context, task_id)))
    const path = logPath(logs, id)
    const text = readTail(path, tail)
    if (!follow) return { task_id: id, text }
    return pieces(id, text, followLog(path, context.signal))
  },
  command: {
    positional: { task_id: '<id>' },
    flags: { tail: '--tail <bytes>', follow: '-f, --follow' },
    examples: ['t_1a2b3c4d --follow'],
    render: ({ text }) => text.replace(/\n$/, ''),
    hint: ({ task_id, text }) =>
      text === ''
        ? `${task_id} has no log here: no worker of it has run on this machine`
        : undefined,
  },
})

/** Whole lines, so that what is shown line by line is not torn apart. */
async function* pieces(id: string, before: string, after: AsyncIterable<string>) {
  let rest = before
  if (rest.endsWith('\n')) {
    yield { task_id: id, text: rest }
    rest = ''
  }
  for await (const text of after) {
    rest += text
    const end = rest.lastIndexOf('\n') + 1
    if (end > 0) yield { task_id: id, text: rest.slice(0, end) }
    rest = rest.slice(end)
  }
  if (rest !== '') yield { task_id: id, text: rest }
}
