// How these workers talk to the board: the `hermes` on their PATH, which knows their task and run.

import { execFileSync } from 'node:child_process'

export function hermes(...words) {
  return execFileSync('hermes', ['kanban', ...words], { encoding: 'utf8' }).trim()
}

/** What the board says about this worker's task: task, parents, runs, comments. */
export function orient() {
  return JSON.parse(hermes('show', process.env.HERMES_KANBAN_TASK, '--json'))
}

export function heartbeat(note) {
  hermes('heartbeat', process.env.HERMES_KANBAN_TASK, '--note', note)
}

/** Hands over: a line for people and the next worker, facts for programs. */
export function complete(summary, metadata = {}) {
  const facts = JSON.stringify(metadata)
  hermes('complete', process.env.HERMES_KANBAN_TASK, '--summary', summary, '--metadata', facts)
}

/** Stops here with a question. Who answers, comments and unblocks; then the task is started again. */
export function ask(question) {
  hermes('block', process.env.HERMES_KANBAN_TASK, question)
  process.exit(0)
}

/** Work that takes a moment, so that a person can watch it happen. */
export function takeTime(seconds) {
  return new Promise((done) => setTimeout(done, seconds * 1000))
}
