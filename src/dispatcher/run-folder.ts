/** The folder of one run, 0700: the ticket that its runner starts from (a file, so that no secret is in argv), the brief, the runner's own log, its socket, its end while the board does not answer. */

import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { shortDigest } from '../lib/digest.ts'
import { fileName } from '../lib/file-name.ts'
import { writePrivate } from '../lib/files.ts'
import { socketPath } from '../lib/socket.ts'
import type { End } from '../model/end.ts'
import { runFolder } from './host.ts'

export function folderOfRun(
  root: string,
  run: { task: string; run: number; lock: string },
): string {
  const own = shortDigest(run.lock, 8)
  return join(runFolder(root), `${fileName(run.task)}.${run.run}.${own}`)
}

/** Where the worker's program may tell what it used up. */
export function reportFile(folder: string): string {
  return join(folder, 'report.json')
}

/** Kept by a runner that cannot reach the board. */
export function writeEnd(folder: string, what: End): Promise<void> {
  return writePrivate(endFile(folder), JSON.stringify(what))
}

export function endFile(folder: string): string {
  return join(folder, 'end.json')
}

/** What a runner has said, which is nothing as long as all goes well; empty where there is none. */
export function readRunnerLog(folder: string): Promise<string> {
  return readFile(join(folder, 'runner.log'), 'utf8').catch(() => '')
}

/** With the socket of a runner that could not close it, which lies elsewhere when the path is long. */
export async function removeRunFolder(folder: string): Promise<void> {
  await rm(socketPath(folder), { force: true })
  await rm(folder, { recursive: true, force: true })
}
