/**
 * An orchestrator, two researchers and a writer take a goal through a board to a finished text. All four are the
 * built-in agent. Their model is a script, unless one is named: node examples/team/run.ts ollama/qwen3
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { startEndpoint } from '../../test/endpoint/server.ts'
import { model } from './model.ts'

const here = import.meta.dirname
const main = join(here, '..', '..', 'src', 'main.ts')
const [, , named] = process.argv

/** A model that is a script answers at once; a real one thinks. */
const patienceMs = named === undefined ? 120_000 : 30 * 60_000

const home = await mkdtemp(join(tmpdir(), 'hermes-team-'))
const env = { ...process.env, HERMES_KANBAN_HOME: home, NO_COLOR: '1' }
const endpoint = await startEndpoint({ team: model })
const pages = await servePages()
const { port } = pages.address() as AddressInfo
const children: ChildProcess[] = []
const titles = new Map<string, string>()

try {
  await writeSettings()
  for (const file of await readdir(join(here, 'profiles'))) {
    await hermes('profile', 'install', join(here, 'profiles', file), '--yes')
  }
  const goal = `Write a short text about tea. The material is at http://127.0.0.1:${port}`
  await hermes('kanban', 'create', 'A text about tea', '--assignee', 'orchestrator', '--body', goal)
  start('gateway', 'run')
  const watch = start('kanban', 'watch', '--json', '--since', '0')
  const alarm = setTimeout(() => watch.kill(), patienceMs)
  const text = await follow(watch)
  clearTimeout(alarm)
  process.stdout.write(`\n${text}\n`)
} finally {
  for (const child of children) await ended(child)
  await endpoint.close()
  pages.close()
  pages.closeAllConnections()
  await rm(home, { recursive: true, force: true, maxRetries: 5 })
}

async function writeSettings(): Promise<void> {
  const scripted = { script: { base_url: `${endpoint.url('team')}/v1` } }
  const kanban = { model: named ?? 'script/team', providers: scripted, retry_delay_seconds: 1 }
  await writeFile(join(home, 'config.yaml'), JSON.stringify({ kanban }))
}

/** What the researchers read: a small piece of the web. */
async function servePages(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const file = join(here, 'pages', basename(request.url ?? ''))
    const page = await readFile(file, 'utf8').catch(() => undefined)
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html' }).end(page)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function hermes(...words: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [main, ...words], { env })).stdout
}

function start(...words: string[]): ChildProcess {
  const child = spawn(process.execPath, [main, ...words], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(child)
  return child
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** Tells what happens until everything is done; returns the text that came out. */
async function follow({ stdout }: ChildProcess): Promise<string> {
  if (stdout !== null) {
    for await (const line of createInterface({ input: stdout })) {
      const { task_id, kind, payload } = JSON.parse(line)
      if (!titles.has(task_id)) titles.set(task_id, await titleOf(task_id))
      const said = payload?.summary ?? payload?.note ?? payload?.reason ?? payload?.error ?? ''
      const told = ['created', 'spawned', 'heartbeat', 'completed', 'blocked', 'gave_up', 'crashed']
      if (told.includes(kind)) say(kind, titles.get(task_id) ?? '', said)
      const text = kind === 'completed' ? await finished() : undefined
      if (text !== undefined) return text
    }
  }
  throw new Error('the goal was not reached in time')
}

function say(kind: string, title: string, said: string): void {
  process.stdout.write(`${kind.padEnd(9)}  ${title}${said === '' ? '' : `: ${said}`}\n`)
}

async function titleOf(id: string): Promise<string> {
  const { task } = JSON.parse(await hermes('kanban', 'show', id, '--json'))
  return `${task.assignee}, ${task.title}`
}

/** The result of the last task, once there is nothing left to do. */
async function finished(): Promise<string | undefined> {
  const tasks: { id: string; status: string }[] = JSON.parse(
    await hermes('kanban', 'list', '--json'),
  )
  if (tasks.some(({ status }) => status !== 'done')) return undefined
  for (const { id } of tasks) {
    const { task } = JSON.parse(await hermes('kanban', 'show', id, '--json'))
    if (task.result) return task.result
  }
  return undefined
}
