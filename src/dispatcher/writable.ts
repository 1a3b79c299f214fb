import { accessSync, constants, statfsSync } from 'node:fs'
import type { BoardError } from '../model/error.ts'
import { machineError } from '../model/system-error.ts'
import { runFolder } from './host.ts'

/** With less room than that, in bytes, the next run does not fit on the disk. */
const leastRoom = 64 * 1024

/**
 * Why nothing can be written in a folder; undefined when it can, as far as that can be seen without trying.
 * Whoever has a full disk cannot write down that it is full, so others have to look for themselves.
 */
export function unwritable(folder: string): BoardError | undefined {
  try {
    accessSync(folder, constants.W_OK)
    const { blocks, bsize, bavail, bfree } = statfsSync(folder)
    const free = process.geteuid?.() === 0 ? bfree : bavail
    // Some file systems do not know how large they are.
    if (blocks === 0 || free * bsize >= leastRoom) return undefined
    return machineError(Object.assign(new Error('no room'), { code: 'ENOSPC', path: folder }))
  } catch (error) {
    return machineError(error)
  }
}

/** Why no run of this home can be started. */
export function unusable(root: string): BoardError | undefined {
  return unwritable(root) ?? unwritable(runFolder(root))
}
