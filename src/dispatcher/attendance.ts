/** Keeps an eye on the runners of this installation: the end of a connection is the notice of a death. */

import { connect, type Socket } from 'node:net'
import type { Board } from '../board/board.ts'
import type { Policy } from '../board/fail.ts'
import { getRun } from '../board/history.ts'
import { type Clock, monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { isAlive } from '../lib/process.ts'
import { socketPath } from '../lib/socket.ts'
import type { LiveRun } from './live.ts'
import { folderOfRun } from './run-folder.ts'
import { seeTo } from './see-to.ts'

export interface Attendance {
  /**
   * Looks at a run: watches it while its runner lives, ends and closes it when not. Returns how the
   * run ended, when it was this look that closed it.
   */
  see(board: Board, run: LiveRun, sawExit?: string): Promise<string | undefined>
  /** Stops watching; what runs goes on. Resolves when endings under way are done. */
  stop(): Promise<void>
}

export interface AttendanceOptions {
  readonly root: string
  readonly clock: Clock
  readonly log: Log
  readonly policy: () => Policy
  /** Seconds between two ends of a lease. */
  readonly ttl: () => number
  /** Called when a run may have ended. */
  readonly onEnd: () => void
}

interface Watched {
  readonly socket: Socket
  /** The lease as last seen, and when it was last seen to change, in milliseconds of `monotonic`. */
  lease: number
  changedAt: number
}

export function attend(options: AttendanceOptions): Attendance {
  const watched = new Map<string, Watched>()
  const endings = new Map<string, Promise<string | undefined>>()
  let stopped = false

  async function look(board: Board, run: LiveRun, sawExit?: string): Promise<string | undefined> {
    if (stuck(run)) kill(run)
    const { root, policy, clock } = options
    const sight = await seeTo(board, run, { root, policy: policy(), now: clock(), sawExit })
    if (sight === 'alive') watch(run)
    if (sight !== 'ended') return undefined
    watched.delete(run.claim_lock)
    const ended = await board.store.read((reader) => getRun(reader, run.id))
    options.log.info(`run ${run.id} of ${run.task_id} was closed`, {
      outcome: ended?.outcome ?? '',
    })
    options.onEnd()
    return ended?.outcome ?? undefined
  }

  /** A runner that lives but has not renewed for two leases of our own clock does its work no more. */
  function stuck(run: LiveRun): boolean {
    const known = watched.get(run.claim_lock)
    if (known === undefined) return false
    if (known.lease !== run.claim_expires) {
      known.lease = run.claim_expires
      known.changedAt = monotonic()
    }
    return monotonic() - known.changedAt > 2 * options.ttl() * 1000
  }

  function watch(run: LiveRun): void {
    if (stopped || watched.has(run.claim_lock)) return
    const folder = folderOfRun(options.root, {
      task: run.task_id,
      run: run.id,
      lock: run.claim_lock,
    })
    const socket = connect(socketPath(folder))
    socket.unref()
    watched.set(run.claim_lock, { socket, lease: run.claim_expires, changedAt: monotonic() })
    socket.on('error', () => {})
    socket.on('close', () => {
      watched.delete(run.claim_lock)
      if (!stopped) options.onEnd()
    })
  }

  return {
    see(board, run, sawExit) {
      const known = endings.get(run.claim_lock)
      if (known !== undefined) return known
      const ending = look(board, run, sawExit).finally(() => endings.delete(run.claim_lock))
      endings.set(run.claim_lock, ending)
      return ending
    },
    async stop() {
      stopped = true
      for (const { socket } of watched.values()) socket.destroy()
      await Promise.allSettled(endings.values())
    },
  }
}

/** Its processes are ended by whoever finds it gone: the next line of the caller. */
function kill({ runner_pid: pid, runner_start: start }: LiveRun): void {
  if (pid !== null && start !== null && isAlive(pid, start)) process.kill(pid, 'SIGKILL')
}
