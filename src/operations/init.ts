import { z } from 'zod'
import { listProfiles } from '../workers/profile-paths.ts'
import { operation } from './operation.ts'

export const init = operation({
  name: 'init',
  summary: 'Make the board, and say what comes next.',
  audience: ['person'],
  effect: 'write',
  input: z.strictObject({}),
  run: async (_input, context) => {
    const { slug, store } = await context.board()
    return {
      board: slug,
      database: store.place,
      profiles: listProfiles(context.environment.root),
    }
  },
  command: {
    json: true,
    render: ({ board, database, profiles }) =>
      [
        `Board ${board} is at ${database}`,
        `Profiles: ${profiles.join(', ')}`,
        'Next:',
        '  hermes kanban create "…" --assignee <profile>   puts a task on it',
        '  hermes gateway run                              starts workers for tasks that are ready',
      ].join('\n'),
  },
})
