import { z } from 'zod'
import { list as listTasks } from '../board/list.ts'
import { allBoards } from '../board/places.ts'
import { nearest } from '../lib/nearest.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import { statusNames } from '../model/status.ts'
import { taskLines } from './command/view/task.ts'
import { type Context, operation } from './operation.ts'

const input = z.strictObject({
  mine: z.boolean().default(false).describe('only tasks of the profile that asks'),
  assignee: field.assignee
    .optional()
    .describe('only tasks of this assignee; none for those of nobody'),
  status: field.line.optional().describe(`only tasks in this status: ${statusNames.join(', ')}`),
  tenant: field.line.optional().describe('only tasks of this tenant'),
  archived: z.boolean().default(false).describe('archived tasks as well'),
  limit: z.number().int().min(1).optional().describe('at most so many'),
})

export const list = operation({
  name: 'list',
  summary: 'List tasks, the most urgent first.',
  audience: ['worker', 'operator', 'person'],
  effect: 'read',
  input,
  run: async (input, context) => {
    const assignee = input.mine ? own(context) : input.assignee === 'none' ? null : input.assignee
    const board = await context.board()
    const { store, slug } = board
    const tasks = await store.read((reader) => listTasks(reader, { ...input, assignee }))
    if (tasks.length === 0) known(input.status)
    return { board: slug, boards: (await allBoards(context.environment, board)).length, tasks }
  },
  command: {
    flags: {
      mine: '--mine',
      assignee: '--assignee <profile>',
      status: '--status <status>',
      tenant: '--tenant <name>',
      archived: '--archived',
      limit: '--limit <number>',
    },
    json: ({ tasks }) => tasks,
    examples: ['--status blocked', '-p writer --mine'],
    render: ({ board, boards, tasks }, _input, style) =>
      [
        ...(boards > 1 ? [`Board ${board}`] : []),
        ...(tasks.length === 0 ? ['No tasks.'] : taskLines(tasks, style)),
      ].join('\n'),
  },
})

function own({ profile }: Context): string {
  if (profile !== undefined) return profile
  throw new BoardError('usage', 'nobody here is a profile: say whose tasks with -p <profile>')
}

/** Another program may have a status of its own; a word that nothing has is a slip. */
function known(status: string | undefined): void {
  if (status === undefined || statusNames.some((name) => name === status)) return
  const meant = nearest(status, statusNames)
  const hint =
    meant === undefined ? `use one of ${statusNames.join(', ')}` : `did you mean ${meant}?`
  throw new BoardError(
    'meaningless',
    `no task is ${JSON.stringify(status)}, and it is no status: ${hint}`,
  )
}
