import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { z } from 'zod'
import type { Board } from '../board/board.ts'
import { type Disused, deletedAmong, disused, openTasks, wanting } from '../board/disused.ts'
import { countOldEvents, deleteOldEvents } from '../board/retention.ts'
import type { Environment } from '../config.ts'
import { thisHost } from '../dispatcher/host.ts'
import { removeStaleFolders } from '../dispatcher/stale-folders.ts'
import { plural } from '../lib/plural.ts'
import { BoardError } from '../model/error.ts'
import { plainPath } from '../workers/environment.ts'
import { removeOldLogs } from '../workers/old-logs.ts'
import { removeLeftovers, removeScratch, removeWorktree } from '../workers/remove-workspace.ts'
import { scratchOf } from '../workers/workspace.ts'
import { isAtWorkElsewhere } from './at-work.ts'
import { operation } from './operation.ts'

const day = 86_400

const days = z.number().int().min(0)

export const gc = operation({
  name: 'gc',
  summary: 'Remove what nobody needs any more: old events and logs, workspaces of archived tasks.',
  audience: ['person'],
  effect: 'write',
  notForChats: true,
  input: z.strictObject({
    event_retention_days: days
      .default(30)
      .describe('how long to keep events of tasks that are done or archived'),
    log_retention_days: days.default(30).describe('how long to keep logs of such tasks'),
    dry_run: z.boolean().default(false).describe('say what would be removed, and remove nothing'),
  }),
  run: async ({ event_retention_days, log_retention_days, dry_run }, context) => {
    const board = await context.board()
    const { store, logs } = board
    const { now, keep } = await store.read(async (reader) => ({
      now: reader.now,
      keep: await openTasks(reader),
    }))
    const before = now - event_retention_days * day
    return {
      dry_run,
      ...(await removeWorkspaces(board, context.environment, dry_run)),
      run_folders: await removeStaleFolders(context.environment.root, board, dry_run),
      logs: await removeOldLogs(logs, {
        before: now - log_retention_days * day,
        keep,
        dryRun: dry_run,
      }),
      events: dry_run
        ? await store.read((reader) => countOldEvents(reader, before))
        : await store.write((tx) => deleteOldEvents(tx, before)),
    }
  },
  command: {
    flags: {
      event_retention_days: '--event-retention-days <days>',
      log_retention_days: '--log-retention-days <days>',
      dry_run: '--dry-run',
    },
    json: true,
    render: (found) =>
      [
        `${found.dry_run ? 'Would remove' : 'Removed'} ${[
          plural(found.workspaces, 'workspace'),
          plural(found.run_folders, 'run folder'),
          plural(found.logs, 'log'),
          plural(found.events, 'event'),
        ].join(', ')}`,
        ...found.saved.map(({ task_id, ref }) => `Work of ${task_id} is kept as ${ref}`),
        ...found.refused.map(({ task_id, reason }) => `Not removed for ${task_id}: ${reason}`),
      ].join('\n'),
  },
})

interface Removed {
  workspaces: number
  /** What lay in a worktree and nowhere else, and where it is now. */
  readonly saved: { readonly task_id: string; readonly ref: string }[]
  readonly refused: { readonly task_id: string; readonly reason: string }[]
}

async function removeWorkspaces(
  board: Board,
  environment: Environment,
  dryRun: boolean,
): Promise<Removed> {
  const removed: Removed = { workspaces: 0, saved: [], refused: [] }
  const here = await thisHost(environment.root)

  async function tryOne(id: string, find: () => Promise<Disused | undefined>): Promise<void> {
    try {
      const task = await find()
      if (task === undefined || !(await removeOne(task, board, environment, dryRun, removed)))
        return
      removed.workspaces += 1
    } catch (error) {
      if (!(error instanceof BoardError)) throw error
      removed.refused.push({ task_id: id, reason: error.message })
    }
  }

  for (const { id } of await board.store.read((reader) => disused(reader, here))) {
    // Asked again for each: somebody may have taken it up meanwhile.
    await tryOne(id, async () => (await board.store.read((tx) => disused(tx, here, id)))[0])
  }
  for (const id of await deletedOf(board)) {
    await tryOne(id, async () => ({ id, run: 0, workspace_kind: 'scratch', workspace: null }))
  }
  removed.workspaces += await removeLeftovers(board.workspaces, dryRun)
  return removed
}

/** Tasks that are gone, with a folder that stayed. */
async function deletedOf({ store, workspaces }: Board): Promise<string[]> {
  const names = await readdir(workspaces).catch(() => [])
  return store.read((reader) => deletedAmong(reader, names))
}

async function removeOne(
  { id, run, workspace_kind, workspace }: Disused,
  board: Board,
  { root, home, variables }: Environment,
  dryRun: boolean,
  removed: Removed,
): Promise<boolean> {
  const path = workspace_kind === 'scratch' ? scratchOf(board.workspaces, id) : workspace
  if (path === null) return false
  const other = await board.store.read((reader) => wanting(reader, path))
  if (other !== undefined) {
    throw new BoardError('conflict', `${path} is left as it is: ${other} is to work there`)
  }
  if (existsSync(path) && (await isAtWorkElsewhere(root, id, board))) {
    throw new BoardError('conflict', `${path} is left as it is: ${id} of another board is at work`)
  }
  if (workspace_kind === 'scratch') return removeScratch(board.workspaces, id, dryRun)
  const search = variables.PATH ?? plainPath
  const gone = await removeWorktree({ task: id, run, path, search, home, dryRun })
  if (gone?.saved != null) removed.saved.push({ task_id: id, ref: gone.saved })
  return gone !== undefined
}
