import { signalled } from './group.ts'
import { type Seen, table } from './table.ts'

export type Stray = Pick<Seen, 'pid' | 'start'>

/**
 * Processes of this user that carry `token` in their environment, wherever they went: agents start
 * shells in sessions of their own. Spares us and everything we were started from.
 */
export function strays(token: string): Stray[] {
  // A short text would be found in the environment of strangers.
  if (token.length < 32) throw new RangeError('a claim token has at least 32 characters')
  const found = table.holding(token).filter(({ zombie }) => !zombie)
  if (found.length === 0) return []
  const spared = ourselves()
  return found.filter(({ pid }) => !spared.has(pid)).map(({ pid, start }) => ({ pid, start }))
}

/** Looks again first: the pid may belong to another process by now. */
export function signalStray({ pid, start }: Stray, signal: NodeJS.Signals): void {
  if (table.see(pid)?.start === start) signalled(pid, signal)
}

/** This process, its parent, and so on to the first. */
function ourselves(): Set<number> {
  const line = new Set<number>()
  let pid: number | undefined = process.pid
  while (pid !== undefined && pid > 0 && !line.has(pid)) {
    line.add(pid)
    pid = table.see(pid)?.parent
  }
  return line
}
