/**
 * `npm run demo`: a small project goes through a board. A throw-away home, a real dispatcher, real
 * processes as workers, and a person who answers one question; all of it through public commands.
 * `npm run demo -- <main>` does it with the program that is installed there.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify, styleText } from 'node:util'
import type { Shown } from '../src/board/show.ts'
import type { Event } from '../src/model/event.ts'
import type { Run } from '../src/model/run.ts'
import type { Task } from '../src/model/task.ts'

const root = resolve(import.meta.dirname, '..')
const main = resolve(process.argv[2] ?? join(root, 'src', 'main.ts'))
const workers = join(root, 'examples', 'report')

const profiles = {
  planner: 'Splits a goal into tasks for others',
  researcher: 'Reads sources and hands over what it found',
  analyst: 'Puts findings together',
  writer: 'Writes things down',
}

const answer = 'whoever opens this repository for the first time'

/** A demo that hangs must end and say so. */
const patienceMs = 90_000

const home = await mkdtemp(join(tmpdir(), 'hermes-demo-'))
const env = { ...process.env, HERMES_KANBAN_HOME: home, NO_COLOR: '1' }
const began = performance.now()
const tasks = new Map<string, Task>()

await makeProfiles()
say('', `A throw-away home: ${home}`)
say('', `Profiles: ${Object.keys(profiles).join(', ')} — each a program, no model behind it`)
say('$', 'hermes kanban create "Describe this repository in one page" --assignee planner')
await hermes(
  'create',
  'Describe this repository in one page',
  '--assignee',
  'planner',
  '--body',
  join(root, 'src'),
)
say('$', 'hermes gateway run &')
const gateway = start('gateway', 'run')
const watch = start('kanban', 'watch', '--json', '--since', '0')
const alarm = setTimeout(() => watch.kill(), patienceMs)
try {
  await follow(watch)
  process.exitCode = (await sumUp()) ? 0 : 1
} finally {
  clearTimeout(alarm)
  for (const child of [watch, gateway]) await ended(child)
}

async function makeProfiles(): Promise<void> {
  for (const [name, description] of Object.entries(profiles)) {
    const folder = join(home, 'profiles', name)
    await mkdir(folder, { recursive: true })
    const kanban = { description, command: [process.execPath, join(workers, `${name}.mjs`)] }
    await writeFile(join(folder, 'config.yaml'), JSON.stringify({ kanban }))
  }
  const kanban = { retry_delay_seconds: 2, max_workers: 4 }
  await writeFile(join(home, 'config.yaml'), JSON.stringify({ kanban }))
}

function start(...words: string[]): ChildProcess {
  return spawn(process.execPath, [main, ...words], { env, stdio: ['ignore', 'pipe', 'ignore'] })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

async function hermes(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'kanban', ...words], {
    env,
  })
  return stdout
}

async function show(id: string): Promise<Shown> {
  return JSON.parse(await hermes('show', id, '--json'))
}

/** Tells the story until every task is done. */
async function follow({ stdout }: ChildProcess): Promise<void> {
  if (stdout === null) return
  for await (const line of createInterface({ input: stdout })) {
    const event: Event = JSON.parse(line)
    if (!tasks.has(event.task_id)) tasks.set(event.task_id, (await show(event.task_id)).task)
    await tell(event)
    if (event.kind !== 'completed') continue
    const left: Task[] = JSON.parse(await hermes('list', '--json'))
    if (left.every((task) => task.status === 'done')) return
  }
  throw new Error('the board did not come to an end in time')
}

async function tell({ task_id, kind, payload = {}, run_id }: Event): Promise<void> {
  const task = tasks.get(task_id)
  const who = task?.assignee ?? 'somebody'
  const title = `${task_id} ${task?.title}`
  const said = (key: string): string => String(payload?.[key] ?? '')
  switch (kind) {
    case 'created': {
      const waits = (payload?.parents as string[] | undefined) ?? []
      say('+', `${title} → ${who}${waits.length > 0 ? `, after ${waits.join(' and ')}` : ''}`)
      break
    }
    case 'promoted':
      say('↑', `${title}: everything before it is done`)
      break
    case 'spawned':
      say('▶', `${who} is at work on ${title} (run ${run_id}, process ${said('pid')})`, 'cyan')
      break
    case 'heartbeat':
      say('·', `${who}: ${said('note')}`)
      break
    case 'crashed':
      say('✗', `${who} crashed with exit code ${said('exit_code')}: ${title} is tried again`, 'red')
      break
    case 'completed':
      say('✓', `${who}: ${said('summary')}`, 'green')
      break
    case 'blocked':
      say('?', `${who} asks: ${said('reason')}`, 'yellow')
      await reply(task_id)
      break
    case 'unblocked':
      say('↺', `${title} goes on`)
      break
  }
}

async function reply(task: string): Promise<void> {
  say('$', `hermes kanban comment ${task} "${answer}" && hermes kanban unblock ${task}`)
  await hermes('comment', task, answer, '--author', 'you')
  await hermes('unblock', task)
}

/** Prints the board, the history and the files. True when everything ended as it should. */
async function sumUp(): Promise<boolean> {
  say('$', 'hermes kanban list')
  process.stdout.write(`\n${indented(await hermes('list'))}\n`)
  const outcomes = new Map<string, (string | null)[]>()
  let report = ''
  for (const task of tasks.values()) {
    const { runs, task: now } = await show(task.id)
    process.stdout.write(`${indented(`${now.title}\n${runs.map(history).join('\n')}`)}\n`)
    outcomes.set(
      now.title,
      runs.map((run) => run.outcome),
    )
    const file = runs.at(-1)?.metadata?.report
    if (typeof file === 'string') report = file
  }
  process.stdout.write(`${indented(await readFile(report, 'utf8'))}\n`)
  say('', `The report: ${report}`)
  say(
    '',
    `Look around: HERMES_KANBAN_HOME=${home} npm run hermes -- kanban show ${[...tasks.keys()].at(-1)}`,
  )
  return (
    tasks.size === 5 &&
    String(outcomes.get('Read the source for its words')) === 'crashed,completed' &&
    String(outcomes.get('Write the report')) === 'blocked,completed' &&
    [...outcomes.values()].every((all) => all.at(-1) === 'completed')
  )
}

function history(run: Run): string {
  const took = (run.ended_at ?? run.started_at) - run.started_at
  const line = run.error ?? run.summary ?? ''
  return `  run ${run.id}  ${(run.outcome ?? '').padEnd(9)}  ${took} s  ${line}`
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '      ')
}

function say(sign: string, text: string, colour?: 'cyan' | 'red' | 'green' | 'yellow'): void {
  const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(4)
  const line = `${seconds}  ${sign.padEnd(1)} ${text}`
  const stream = process.stdout
  stream.write(`${colour === undefined ? line : styleText(colour, line, { stream })}\n`)
}
