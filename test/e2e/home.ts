/** A home of its own with real profiles, the real program, and a board to watch. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Board, openBoard } from '../../src/board/board.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { identityOf, isAlive, strays } from '../../src/lib/process.ts'
import { lockToken } from '../../src/model/lock.ts'
import { sql } from '../../src/store/sql.ts'
import { expectInvariants } from '../board/invariants.ts'
import { type Installed, installedIn } from '../support/installed.ts'
import { awaiting, type Patience } from '../support/patience.ts'

export type { Gateway } from '../support/installed.ts'

export interface Home extends Installed, Patience {
  readonly root: string
  readonly board: Board
  /** `hermes kanban create … --json`, which must succeed; returns the id. */
  create(title: string, ...flags: string[]): Promise<string>
}

/** Everything in it is ended and removed when the test is over. On another disk where `disk` names one. */
export async function makeHome(config = '', disk = tmpdir()): Promise<Home> {
  const root = await mkdtemp(join(disk, 'hermes home '))
  await writeFile(join(root, 'config.yaml'), `kanban:\n  retry_delay_seconds: 0.1\n${config}`)
  const place = {
    slug: 'default',
    database: join(root, 'kanban.db'),
    workspaces: join(root, 'kanban', 'workspaces'),
    logs: join(root, 'kanban', 'logs'),
  }
  const board = await openBoard(place, systemClock)
  onTestFinished(async () => {
    await endRuns(board)
    await board.store.close()
    await rm(root, { recursive: true, force: true, maxRetries: 5 })
  })
  const installed = installedIn(root)
  return {
    ...installed,
    ...awaiting(board.store),
    root,
    board,
    async create(title, ...flags) {
      const ran = await installed.hermes('kanban', 'create', title, ...flags, '--json')
      if (ran.code !== 0) throw new Error(ran.err)
      return JSON.parse(ran.out).id
    },
  }
}

/** Runners outlive what started them: those of a test that failed are ended with it. */
async function endRuns(board: Board): Promise<void> {
  interface Left {
    readonly runner_pid: number
    readonly runner_start: string
    readonly claim_lock: string
  }
  const left = await board.store.read((reader) =>
    reader.all<Left>(sql`
      select runner_pid, runner_start, claim_lock from task_runs
      where runner_pid is not null and exited_at is null`),
  )
  for (const { runner_pid, runner_start, claim_lock } of left) {
    if (isAlive(runner_pid, runner_start)) process.kill(runner_pid, 'SIGKILL')
    for (const { pid } of strays(lockToken(claim_lock) ?? ''))
      if (identityOf(pid)) process.kill(pid, 'SIGKILL')
  }
}

/** Waits until every run has seen its last process go; then the board is sound. */
export async function allOver(home: Pick<Home, 'board' | 'until'>): Promise<void> {
  await home.until('every process of every run is gone', async (reader) => {
    const left = await reader.get(
      sql`select 1 from task_runs where runner_pid is not null and exited_at is null`,
    )
    return left === undefined
  })
  await home.board.store.read(expectInvariants)
}

export function logOf(home: Home, task: string): Promise<string> {
  return readFile(join(home.board.logs, `${task}.log`), 'utf8')
}
