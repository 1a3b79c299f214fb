/** An agent program that plays a scene, driven on a run of a real board. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { getRun } from '../../src/board/history.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { endProcesses } from '../../src/lib/process.ts'
import { hostFor } from '../../src/runner/acp-host.ts'
import { startAcp } from '../../src/runner/drivers/acp/acp.ts'
import type { Prepared } from '../../src/runner/prepare.ts'
import type { Verdict } from '../../src/runner/verdict.ts'
import type { WorkerProcess } from '../../src/runner/worker.ts'
import { plain, type Runtime } from '../../src/workers/runtimes/runtime.ts'
import { working } from '../mcp/session.ts'
import { newHome } from '../operations/home.ts'

const program = fileURLToPath(new URL('./agent-program.ts', import.meta.url))

export interface Setting {
  readonly runtime?: Partial<Runtime>
  readonly prepared?: Partial<Prepared>
  /** Variables of the agent. */
  readonly env?: Readonly<Record<string, string>>
}

export interface Playing {
  readonly worker: WorkerProcess
  readonly task: string
  /** What came first: what its words decide, or its exit. */
  readonly first: Promise<Verdict | { readonly what: 'exited'; readonly code: number | null }>
  /** What the agent noted, a line each. */
  readonly asked: () => string[]
  readonly log: () => string
  readonly file: (name: string) => string
  readonly run: () => Promise<NonNullable<Awaited<ReturnType<typeof getRun>>>>
}

/** Opens its gate. Whatever is left of it is ended with the test. */
export async function play(
  scene: string,
  { runtime, prepared, env }: Setting = {},
): Promise<Playing> {
  const home = await newHome()
  const at = await working(home)
  const workspace = join(home.root, 'workspace')
  mkdirSync(workspace)
  const brief = join(home.root, 'brief.md')
  writeFileSync(brief, `work kanban task ${at.task}\n`)
  const logFile = join(home.root, 'task.log')
  const fence = at.context.worker?.fence ?? { run: 0, lock: '' }
  const worker = await startAcp(
    {
      runtime: { ...agentRuntime, ...runtime },
      argv: [process.execPath, program, scene],
      environment: { ...at.env, ...env, PATH: process.env.PATH ?? '', HOME: home.root },
      workspace,
      input: null,
      report: '',
      brief,
      model: null,
      ownModel: false,
      modes: [],
      permissions: 'allow',
      patience: { idle: 30, tool: 30 },
      logFile,
      logHeader: '',
      maxRuntime: null,
      ...prepared,
    },
    hostFor({
      store: home.board.store,
      fence,
      contextFor: () => at.context,
      clock: systemClock,
      signal: new AbortController().signal,
      onSign: () => {},
    }),
  )
  onTestFinished(async () => {
    await endProcesses({ pgid: worker.pid, start: worker.start, graceMs: 100 })
    await worker.exited
  })
  const file = (name: string): string => {
    const path = join(workspace, name)
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  }
  const exited = worker.exited.then(({ code }) => ({ what: 'exited' as const, code }))
  worker.open()
  return {
    worker,
    task: at.task,
    first: Promise.race([...(worker.verdict === undefined ? [] : [worker.verdict]), exited]),
    asked: () => file('asked.txt').split('\n').filter(Boolean),
    log: () => readFileSync(logFile, 'utf8'),
    file,
    async run() {
      const run = await home.board.store.read((reader) => getRun(reader, at.run))
      if (run === undefined) throw new Error('its run is gone')
      return run
    },
  }
}

const agentRuntime: Runtime = {
  ...plain,
  name: 'scene',
  title: 'Scene',
  driver: 'acp',
  program: 'profile',
  about: { install: 'it is here', login: 'say please', credentials: [] },
}
