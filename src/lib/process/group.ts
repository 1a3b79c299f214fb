import { table } from './table.ts'

/** Whether no member of the process group lives. The dead that nobody collected do not count. */
export function groupIsEmpty(pgid: number): boolean {
  if (!signalled(-pgid, 0)) return true
  const leader = table.see(pgid)
  if (leader?.group === pgid && !leader.zombie) return false
  return !table.all().some(({ group, zombie }) => group === pgid && !zombie)
}

/** False when there is no such group any more. */
export function signalGroup(pgid: number, signal: NodeJS.Signals): boolean {
  // kill(-1) is every process of the user, kill(0) our own group.
  if (!(pgid > 1)) throw new RangeError(`${pgid} is no process group`)
  return signalled(-pgid, signal)
}

/** False when nobody is there. Those that are not ours to signal are there. */
export function signalled(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ESRCH') return false
    if (code === 'EPERM') return true
    throw error
  }
}
