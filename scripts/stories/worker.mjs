// A worker that takes its time, so that there is something to look at: its words are its arguments.

import { execFileSync } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'

const notes = process.argv.slice(2)

for (let line = 1; ; line++) {
  const note = notes[Math.min(line, notes.length) - 1] ?? 'At work'
  if (line <= notes.length) {
    execFileSync('hermes', [
      'kanban',
      'heartbeat',
      String(process.env.HERMES_KANBAN_TASK),
      '--note',
      note,
    ])
  }
  console.log(`[${String(line).padStart(3, '0')}] ${note}`)
  await pause(line <= notes.length ? 500 : 2_000)
}
