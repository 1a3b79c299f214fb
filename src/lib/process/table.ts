import { darwin } from './darwin.ts'
import { linux } from './linux.ts'

/** A process as the kernel's table shows it. */
export interface Seen {
  readonly pid: number
  readonly parent: number
  readonly group: number
  /** When it started, exact enough that a later process with the same pid has another. */
  readonly start: string
  /** Dead, and not yet collected by its parent. */
  readonly zombie: boolean
}

/**
 * What we need to know of the kernel. Synchronous on purpose: a look costs less than a turn of the event
 * loop, and nothing can happen between a look and the signal that follows from it.
 */
export interface ProcessTable {
  /** Another one after each start of the machine; has no colon. */
  bootId(): string
  see(pid: number): Seen | undefined
  all(): Seen[]
  /** Processes of this user in whose environment, as it was when they started, `text` occurs. */
  holding(text: string): Seen[]
}

export const table: ProcessTable = process.platform === 'darwin' ? darwin : linux
