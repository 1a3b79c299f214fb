import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Board } from '../board/board.ts'
import { isOver } from '../board/disused.ts'
import { runFolder } from './host.ts'
import { removeRunFolder } from './run-folder.ts'
import { glanceAt } from './ticket.ts'

/** As `folderOfRun` makes them: task, run, and something of its lock. */
const name = /^(t_[0-9a-f]+)\.(\d+)\.[0-9a-f]{8}$/

/**
 * Removes the folders of this board's runs that are over, which a runner leaves only when it is killed
 * in its last moment; returns how many.
 */
export async function removeStaleFolders(
  root: string,
  board: Board,
  dryRun: boolean,
): Promise<number> {
  let count = 0
  for (const entry of await readdir(runFolder(root)).catch(() => [])) {
    const folder = join(runFolder(root), entry)
    const [, task = '', run] = name.exec(entry) ?? []
    if (run === undefined) continue
    if (!(await lstat(folder).catch(() => undefined))?.isDirectory()) continue
    const over = await board.store.read((reader) => isOver(reader, task, Number(run)))
    if (!(over ?? (await wasOf(board, folder)))) continue
    if (!dryRun) await removeRunFolder(folder)
    count += 1
  }
  return count
}

/** A folder of a task that was deleted: only its ticket still says whose it was. */
async function wasOf(board: Board, folder: string): Promise<boolean> {
  const { place } = await glanceAt(folder)
  return place?.database === board.database && place.slug === board.slug
}
