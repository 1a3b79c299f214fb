import { readJson } from '../lib/json.ts'
import { type End, end } from '../model/end.ts'
import { endFile } from './run-folder.ts'

/**
 * Undefined where the runner left none that can be read. A file of its own: its schema is nothing for runners,
 * and a dispatcher must have it before an upgrade takes the files of this program away.
 */
export async function readEnd(folder: string): Promise<End | undefined> {
  return end.safeParse(await readJson(endFile(folder))).data
}
