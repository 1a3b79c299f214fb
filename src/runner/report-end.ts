import { setTimeout as pause } from 'node:timers/promises'
import type { Policy } from '../board/fail.ts'
import { settle } from '../board/settle.ts'
import { writeEnd } from '../dispatcher/run-folder.ts'
import type { Log } from '../lib/log.ts'
import type { End } from '../model/end.ts'
import { BoardError } from '../model/error.ts'
import type { Fence } from '../model/run.ts'
import type { Store } from '../store/store.ts'

const longestPauseMs = 30_000

/** A board that has not answered by then may not for long, in milliseconds. */
const patienceMs = 1_000

export interface Ending {
  readonly store: Store
  readonly folder: string
  readonly task: string
  readonly fence: Fence
  readonly end: End
  readonly policy: Policy
  readonly log: Log
}

/**
 * Tells the board how the run ended, however long the board cannot be reached; meanwhile the end lies
 * in the run's folder, for a dispatcher to find should this runner die as well.
 */
export async function reportEnd(ending: Ending): Promise<void> {
  const { folder, end } = ending
  const timer = setTimeout(() => void writeEnd(folder, end).catch(() => {}), patienceMs)
  try {
    await untilTold(ending)
  } finally {
    clearTimeout(timer)
  }
}

async function untilTold({ store, task, fence, end, policy, log }: Ending): Promise<void> {
  for (let wait = 100; ; wait = Math.min(wait * 2, longestPauseMs)) {
    try {
      return await store.write((tx) => settle(tx, task, fence, end, policy))
    } catch (error) {
      if (error instanceof BoardError && error.code === 'board_gone') return
      log.warn(`the end of the run was not written: ${String(error)}`)
    }
    await pause(wait)
  }
}
