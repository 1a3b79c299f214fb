import { join } from 'node:path'
import { makePrivateFile, privateFolder } from '../lib/files.ts'
import { type Lock, lockFile } from '../store/file-lock.ts'
import { runFolder } from './host.ts'

/** `gateway` and `dispatcher` are held for life, `tick` for one pass; a pass by hand takes only `tick`. */
export type LockName = 'gateway' | 'dispatcher' | 'tick'

/**
 * How long whoever wants a lock for life waits for it, in milliseconds: whoever only asks who is alive
 * holds it for a moment as well.
 */
export const probeMs = 1_000

/** Undefined while somebody else has it, in this process or another, for all of `patience` milliseconds. */
export async function takeLock(
  root: string,
  name: LockName,
  patience = 0,
): Promise<Lock | undefined> {
  const folder = runFolder(root)
  await privateFolder(folder)
  const file = join(folder, `${name}.lock`)
  try {
    makePrivateFile(file)
  } catch {
    // Opening it says why.
  }
  return lockFile(file, patience)
}
