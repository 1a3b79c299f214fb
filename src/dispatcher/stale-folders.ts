import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Board } from '../board/board.ts'
import { isOver } from '../board/disused.ts'
import { runFolder } from './host.ts'
import { readTicket, removeRunFolder } from './run-folder.ts'

/** As `folderOfRun` names them. */
const name = /^t_[0-9a-f]+\.\d+\.[0-9a-f]{8}$/

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
    if (!name.test(entry) || !(await lstat(folder).catch(() => undefined))?.isDirectory()) continue
    const ticket = await readTicket(folder).catch(() => undefined)
    if (ticket?.place.database !== board.database) continue
    if (!(await board.store.read((reader) => isOver(reader, ticket.run)))) continue
    if (!dryRun) await removeRunFolder(folder)
    count += 1
  }
  return count
}
