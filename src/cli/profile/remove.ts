import { z } from 'zod'
import { thisHost } from '../../dispatcher/host.ts'
import { liveRuns } from '../../dispatcher/live.ts'
import { type Fault, openBoards } from '../../dispatcher/open-boards.ts'
import { systemClock } from '../../lib/clock.ts'
import { BoardError } from '../../model/error.ts'
import * as field from '../../model/fields.ts'
import { type Context, operation } from '../../operations/operation.ts'
import { archiveProfile } from '../../workers/profile-files.ts'
import { common } from './verb.ts'

export const remove = operation({
  ...common,
  name: 'delete_profile',
  summary: 'Put a profile away, into profiles/_archived of the home.',
  input: z.strictObject({ name: field.line.describe('the profile') }),
  run: async ({ name }, context) => {
    const running = await tasksOf(name, context)
    if (running.length > 0) {
      throw new BoardError(
        'conflict',
        `${name} was not deleted: it works on ${running.join(', ')}; wait for it, or reclaim them first`,
        { running },
      )
    }
    return { name, kept_at: await archiveProfile(context.environment.root, name, systemClock()) }
  },
  command: {
    path: ['profile', 'delete'],
    positional: { name: '<profile>' },
    json: true,
    render: ({ name, kept_at }) => `Deleted profile ${name}  (kept at ${kept_at})`,
  },
})

/** Its workers on this machine have their home in its folder. */
async function tasksOf(name: string, { environment }: Context): Promise<string[]> {
  const host = await thisHost(environment.root)
  const open = openBoards(environment, systemClock)
  try {
    const tasks: string[] = []
    const { boards, faults } = await open.all()
    const [fault] = faults
    if (fault !== undefined) throw unknown(name, fault)
    for (const { store } of boards) {
      const live = await store.read((reader) => liveRuns(reader, host))
      tasks.push(...live.filter(({ profile }) => profile === name).map(({ task_id }) => task_id))
    }
    return tasks
  } finally {
    await open.close()
  }
}

function unknown(name: string, { board, error }: Fault): BoardError {
  const why = `nobody can tell whether it works on the board ${board} (${error.message})`
  return new BoardError(error.code, `${name} was not deleted: ${why}`, { board })
}
