// A worker that takes its time, so that there is something to look at: its words are its arguments.

import { execFileSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'

const notes = process.argv.slice(2)

for (const [index, note] of notes.entries()) {
  execFileSync('hermes', [
    'kanban',
    'heartbeat',
    String(process.env.HERMES_KANBAN_TASK),
    '--note',
    note,
  ])
  console.log(`[${String(index + 1).padStart(3, '0')}] ${note}`)
  await pause(500)
}
await pause(2 ** 31 - 1)
