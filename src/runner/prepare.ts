import { join } from 'node:path'
import type { Board } from '../board/board.ts'
import { workerContext } from '../board/context.ts'
import { getTask } from '../board/find.ts'
import { getRun } from '../board/history.ts'
import { type Stats, stats } from '../board/stats.ts'
import { type Environment, isUrl } from '../config.ts'
import { reportFile } from '../dispatcher/run-folder.ts'
import type { Ticket } from '../dispatcher/ticket.ts'
import type { Clock } from '../lib/clock.ts'
import { writePrivate } from '../lib/files.ts'
import { socketPath } from '../lib/socket.ts'
import { BoardError } from '../model/error.ts'
import { workerBin } from '../workers/bin.ts'
import { brief, type Colleague } from '../workers/brief.ts'
import { workerEnvironment } from '../workers/environment.ts'
import { headerLine, logPath, openLog } from '../workers/log.ts'
import { readRole } from '../workers/role.ts'
import type { Runtime } from '../workers/runtimes/runtime.ts'
import { skillsOfRun } from '../workers/skills.ts'
import { workspaceOfTask } from '../workers/workspace-of-task.ts'
import { launchOf, type Patience } from './launch.ts'

/** Everything that a driver needs to start the worker. */
export interface Prepared {
  readonly runtime: Runtime
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly workspace: string
  /** The worker's standard input; null where its runtime takes none. */
  readonly input: string | null
  /** The file of the brief, for an agent that is told it. */
  readonly brief: string
  readonly model: string | null
  /** The task names it, whatever the profile has. */
  readonly ownModel: boolean
  /** Session modes to ask for, the first that the agent has. */
  readonly modes: readonly string[]
  readonly permissions: 'allow' | 'deny'
  readonly patience: Patience
  /** The file in which the worker may tell what it used up. */
  readonly report: string
  readonly logFile: string
  /** The line with which this run's part of the log begins. */
  readonly logHeader: string
  /** Seconds; null without a cap. */
  readonly maxRuntime: number | null
}

export interface PrepareOptions {
  readonly environment: Environment
  readonly clock: Clock
  /** How this very program is started: the worker's `hermes` is it. */
  readonly program: readonly string[]
}

/** Makes the workspace, the brief and the log. What it throws belongs to the task: the run failed to start. */
export async function prepare(
  ticket: Ticket,
  board: Board,
  folder: string,
  { environment, clock, program }: PrepareOptions,
): Promise<Prepared> {
  const { root, run: id, lock, settings: profile } = ticket
  const { task, run, context, load } = await board.store.read(async (reader) => ({
    task: await getTask(reader, ticket.task),
    run: await getRun(reader, id),
    context: await workerContext(reader, ticket.task),
    load: (await stats(reader)).by_assignee,
  }))
  const skills = await skillsOfRun(root, profile, task.skills)
  const role = await readRole(profile.folder)
  const workspace = await workspaceOfTask(task, board, { ...environment, root })
  const briefFile = join(folder, 'brief.md')
  await writePrivate(
    briefFile,
    brief({
      task: task.id,
      profile,
      role,
      skills,
      workspace,
      context,
      profiles: ticket.team.map((one) => ({ ...one, ...underWay(load, one.name) })),
    }),
  )
  const { variables } = environment
  const ownModel = task.model_override !== null
  const { keys, flags, env, input, ...launched } = await launchOf(profile, {
    root,
    variables,
    program,
    folder,
    task: task.id,
    brief: briefFile,
    model: run?.model ?? null,
    ownModel,
    skills: [...profile.skills, ...task.skills],
  })
  const { title, opensBoard = false } = launched.runtime
  if (opensBoard && isUrl(board.database)) throw noFile(profile.name, title)
  const report = reportFile(folder)
  const header = { run: id, profile: profile.name, now: clock() }
  const log = await openLog(board.logs, task.id, header)
  await log.close()
  return {
    ...launched,
    environment: workerEnvironment({
      root,
      variables,
      profile,
      runtime: { keys, flags, env },
      bin: await workerBin(root, program, opensBoard),
      board,
      task: { id: task.id, tenant: task.tenant, branch: task.branch_name },
      run: { id, lock, workspace },
      socket: socketPath(folder),
      report,
    }),
    workspace,
    input: input === 'brief' ? briefFile : null,
    brief: briefFile,
    ownModel,
    permissions: profile.permissions,
    report,
    logFile: logPath(board.logs, task.id),
    logHeader: headerLine(header),
    maxRuntime: run?.max_runtime_seconds ?? null,
  }
}

/** It would work on another board, of which it makes the file. */
function noFile(profile: string, title: string): BoardError {
  return new BoardError(
    'config',
    `${profile} cannot work on this board: ${title} opens the file of a board by itself, and this one is in PostgreSQL; give it another runtime, such as hermes-acp`,
  )
}

function underWay(load: Stats['by_assignee'], name: string): Pick<Colleague, 'running' | 'ready'> {
  const { running = 0, ready = 0 } = load[name] ?? {}
  return { running, ready }
}
