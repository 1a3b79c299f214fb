import { z } from 'zod'
import { stats } from '../board/stats.ts'
import { listProfiles } from '../workers/profile-paths.ts'
import { paint } from './command/style.ts'
import { table } from './command/table.ts'
import { operation } from './operation.ts'
import { countsLine } from './stats.ts'

export const assignees = operation({
  name: 'assignees',
  summary: 'List who can be given work: profiles here, and assignees in use.',
  audience: ['worker', 'operator', 'person'],
  effect: 'read',
  input: z.strictObject({}),
  run: async (_input, context) => {
    const { store } = await context.board()
    const onDisk = listProfiles(context.environment.root)
    const { by_assignee: inUse } = await store.read(stats)
    const names = new Set([...onDisk, ...Object.keys(inUse).filter(Boolean)])
    return {
      assignees: [...names].map((name) => ({
        name,
        on_disk: onDisk.includes(name),
        counts: inUse[name] ?? {},
      })),
    }
  },
  command: {
    json: ({ assignees: all }) => all,
    render: ({ assignees: all }, _input, style) =>
      table(
        all.map(({ name, on_disk, counts }) => [
          { text: name, paint: paint(style).bold },
          { text: on_disk ? 'profile' : 'by hand' },
          { text: countsLine(counts) || '-' },
        ]),
        style.width,
      ).join('\n'),
  },
})
