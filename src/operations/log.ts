import { z } from 'zod'
import { latestElsewhere } from '../board/elsewhere.ts'
import { findId } from '../board/find.ts'
import { machineOf, thisHost } from '../dispatcher/host.ts'
import { byteLength } from '../lib/text.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import { followLog } from '../workers/follow-log.ts'
import { logPath, olderParts, readTail } from '../workers/log.ts'
import { logFacts } from './details.ts'
import { operation, refFor } from './operation.ts'

/** In bytes: enough to read, and no more than a terminal takes. */
const usualTail = 1024 * 1024

export const log = operation({
  name: 'log',
  summary: "Print what a task's workers wrote.",
  audience: ['worker', 'operator', 'person'],
  effect: 'read',
  input: z.strictObject({
    task_id: field.taskRef.optional().describe('the task'),
    tail: z.number().int().min(1).default(usualTail).describe('how many bytes, the latest'),
    follow: z.boolean().default(false).describe('go on with what is written from now on'),
  }),
  run: async ({ task_id, tail, follow }, context) => {
    const { store, logs } = await context.board()
    const here = await thisHost(context.environment.root)
    const { id, away } = await store.read(async (reader) => {
      const id = await findId(reader, refFor(context, task_id))
      return { id, away: await latestElsewhere(reader, id, here) }
    })
    const path = logPath(logs, id)
    const text = readTail(path, tail)
    const elsewhere = away === undefined ? null : { run_id: away.run, host: machineOf(away.host) }
    if (!follow) {
      const truncated = hasMore(path, text)
      return { task_id: id, text, ...logFacts(path), truncated, elsewhere }
    }
    if (elsewhere !== null && away?.open) throw new BoardError('conflict', logIsAt(id, elsewhere))
    return pieces(id, text, followLog(path, context.signal))
  },
  command: {
    positional: { task_id: '<id>' },
    flags: { tail: '--tail <bytes>', follow: '-f, --follow' },
    json: true,
    examples: ['t_1a2b3c4d --follow'],
    render: ({ text }) => text.replace(/\n$/, ''),
    hint({ task_id, text, elsewhere, ...whole }, { tail }) {
      if (elsewhere != null) return logIsAt(task_id, elsewhere)
      if ('truncated' in whole && whole.truncated && tail === usualTail) {
        return `only the last MiB is shown: --tail <bytes> shows more; all that is kept is in ${whole.path} and its older parts beside it`
      }
      if (text !== '') return undefined
      return `${task_id} has no log here: no worker of it has run on this machine`
    },
  },
})

function logIsAt(
  id: string,
  { run_id, host }: { readonly run_id: number; readonly host: string },
): string {
  return `run ${run_id} of ${id} is on the machine ${host}, and its log with it: type hermes kanban log ${id} there`
}

/** Whether there is more than `text`, which is its end. */
function hasMore(path: string, text: string): boolean {
  const sizes = [path, ...olderParts(path)].map((file) => logFacts(file).size_bytes)
  return sizes.reduce((sum, size) => sum + size) > byteLength(text)
}

/** Whole lines, so that what is shown line by line is not torn apart. */
async function* pieces(id: string, before: string, after: AsyncIterable<string>) {
  const piece = (text: string) => ({ task_id: id, text, elsewhere: null })
  let rest = before
  if (rest.endsWith('\n')) {
    yield piece(rest)
    rest = ''
  }
  for await (const text of after) {
    rest += text
    const end = rest.lastIndexOf('\n') + 1
    if (end > 0) yield piece(rest.slice(0, end))
    rest = rest.slice(end)
  }
  if (rest !== '') yield piece(rest)
}
