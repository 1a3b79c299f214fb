import { type Seen, table } from './table.ts'

/** Another one after each start of the machine. */
export function bootId(): string {
  return table.bootId()
}

/** `<boot id>:<start>` of a process, which no other process ever has; undefined when there is none, or a dead one. */
export function identityOf(pid: number): string | undefined {
  const seen = table.see(pid)
  return seen === undefined || seen.zombie ? undefined : identity(seen)
}

/** Whether that very process lives. Without an identity (rows of other programs) any process of that pid will do. */
export function isAlive(pid: number, expected: string | null): boolean {
  const found = identityOf(pid)
  return found !== undefined && (expected === null || found === expected)
}

/** Whether `pid` was given to another process since, or the machine started again: what had it is gone. */
export function wasReplaced(pid: number, expected: string): boolean {
  if (!expected.startsWith(`${bootId()}:`)) return true
  const seen = table.see(pid)
  return seen !== undefined && identity(seen) !== expected
}

function identity(seen: Seen): string {
  return `${bootId()}:${seen.start}`
}
