import { z } from 'zod'
import { type Stats, stats as statsOf } from '../board/stats.ts'
import { formatDuration } from '../lib/duration.ts'
import { paint, type Style } from './command/style.ts'
import { table } from './command/table.ts'
import { statusPaint } from './command/view/task.ts'
import { operation } from './operation.ts'

export const stats = operation({
  name: 'stats',
  summary: 'Count tasks by status and assignee.',
  audience: ['worker', 'operator', 'person'],
  effect: 'read',
  input: z.strictObject({}),
  run: async (_input, context) => {
    const { store } = await context.board()
    return store.read(statsOf)
  },
  command: {
    json: true,
    render: (counted, _input, style) => lines(counted, style).join('\n'),
  },
})

function lines(counted: Stats, style: Style): string[] {
  const oldest = counted.oldest_ready_age_seconds
  const byStatus = Object.entries(counted.by_status).map(([status, count]) => [
    { text: status, paint: statusPaint(status, style) },
    { text: String(count) },
  ])
  const byAssignee = Object.entries(counted.by_assignee).map(([name, counts]) => [
    { text: name || '-', paint: paint(style).bold },
    { text: countsLine(counts) },
  ])
  return [
    ...table(byStatus, style.width),
    ...(byAssignee.length === 0 ? [] : ['', ...table(byAssignee, style.width)]),
    ...(oldest === null ? [] : ['', `Oldest ready task: ${formatDuration(oldest)}`]),
  ]
}

/** `2 ready, 1 done` */
export function countsLine(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ')
}
