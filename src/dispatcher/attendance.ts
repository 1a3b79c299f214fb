/** Keeps an eye on the runners of this installation: the end of a connection is the notice of a death. */

import { connect, type Socket } from 'node:net'
import type { Board } from '../board/board.ts'
import type { Policy } from '../board/fail.ts'
import { getRun, latestEventId } from '../board/history.ts'
import { monotonic } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { isAlive } from '../lib/process.ts'
import { socketPath } from '../lib/socket.ts'
import type { LiveRun } from './live.ts'
import { folderOfRun } from './run-folder.ts'
import { inTime, seeTo } from './see-to.ts'
import { glanceAt } from './ticket.ts'

export interface Attendance {
  /**
   * Looks at a run: watches it while its runner lives, ends and closes it when not. Returns how the
   * run ended, when it was this look that closed it.
   */
  see(board: Board, run: LiveRun, sawExit?: string): Promise<string | undefined>
  /** Forgets runs that are live no more, as far as these boards tell. */
  keepOnly(looked: readonly { readonly board: Board; readonly runs: readonly LiveRun[] }[]): void
  /** Stops watching at once; whoever comes next goes on with what is under way. */
  stop(): void
}

export interface AttendanceOptions {
  readonly root: string
  readonly log: Log
  readonly policy: () => Policy
  /** Called when a run may have ended. */
  readonly onEnd: () => void
}

/** A lease as it was last seen. */
interface Lease {
  expires: number
  /** For how long it has not changed, in milliseconds in which we were awake. */
  stillMs: number
  /** How long the runner lets it be, from its ticket. */
  readonly ttlMs: number
}

/** How often the time of leases is counted: their runners may be silent, and nothing else happen. */
const beatMs = 1_000

/** How soon a connection that failed, or a look that did, is tried again. */
const againMs = 1_000

export function attend(options: AttendanceOptions): Attendance {
  const leases = new Map<string, Lease>()
  const sockets = new Map<string, Socket>()
  const looks = new Map<string, Promise<string | undefined>>()
  /** Those on a server whose runner was there at the latest look: a board in a file can always be asked. */
  const alive = new Map<string, { readonly board: Board; readonly run: LiveRun }>()
  /** Those of which it is being found out whether the server can be told. */
  const unheard = new Set<string>()
  const timer = setInterval(beat, beatMs).unref()
  let beatAt = monotonic()
  let stopped = false

  /**
   * Counts one beat at the most each time: after this process was stopped together with its runners,
   * the time that has passed says nothing about them.
   */
  function beat(): void {
    const passed = Math.min(monotonic() - beatAt, beatMs)
    beatAt = monotonic()
    for (const lease of leases.values()) lease.stillMs += passed
    if ([...leases.values()].some(isSilent)) options.onEnd()
    // A death whose notice was missed must not wait until a server is there again.
    for (const { board, run } of alive.values()) {
      if (!hasRunner(run)) void endUnheard(board, run)
    }
  }

  async function look(board: Board, run: LiveRun, sawExit?: string): Promise<string | undefined> {
    const folder = folderOf(run)
    if (await isStuck(run, folder)) kill(run)
    const { root, policy, log } = options
    const sight = await seeTo(board, run, { root, policy: policy(), sawExit })
    if (sight === 'alive') {
      if (run.runner_pid !== null && isOnServer(board)) alive.set(run.claim_lock, { board, run })
      watch(board, run, folder)
    }
    if (sight === 'ending') later()
    if (sight !== 'ended') return undefined
    alive.delete(run.claim_lock)
    leases.delete(run.claim_lock)
    const ended = await board.store.read((reader) => getRun(reader, run.id))
    log.debug(`run ${run.id} of ${run.task_id} was closed`, { outcome: ended?.outcome })
    options.onEnd()
    return ended?.outcome ?? undefined
  }

  /** A runner that lives but has not renewed for two leases does its work no more. */
  async function isStuck(run: LiveRun, folder: string): Promise<boolean> {
    const known = leases.get(run.claim_lock)
    if (known === undefined) {
      const { ttl } = await glanceAt(folder)
      if (ttl === undefined) return false
      const ttlMs = ttl * 1000
      leases.set(run.claim_lock, { expires: run.claim_expires, stillMs: 0, ttlMs })
      return false
    }
    if (known.expires !== run.claim_expires) {
      known.expires = run.claim_expires
      known.stillMs = 0
    }
    return isSilent(known)
  }

  function watch(board: Board, run: LiveRun, folder: string): void {
    const lock = run.claim_lock
    if (stopped || sockets.has(lock)) return
    const socket = connect(socketPath(folder))
    let connected = false
    socket.unref()
    sockets.set(lock, socket)
    socket.on('error', () => {})
    socket.once('connect', () => {
      connected = true
    })
    socket.once('close', () => {
      sockets.delete(lock)
      if (stopped) return
      if (connected) {
        options.onEnd()
        void endUnheard(board, run)
      }
      // It listens a moment after its first write; one that never does is seen at every pass.
      else setTimeout(() => leases.has(lock) && watch(board, run, folder), againMs).unref()
    })
  }

  /**
   * A pass looks at what the board says is live, and while a server cannot be reached nothing is: but a
   * worker without a runner must be gone before its lease is, when another host may start the next.
   */
  async function endUnheard(board: Board, run: LiveRun): Promise<void> {
    const lock = run.claim_lock
    if (!isOnServer(board) || unheard.has(lock)) return
    unheard.add(lock)
    try {
      // Of a run that its runner has closed, the next pass sees that nothing is left to be done.
      if (await answers(board)) options.onEnd()
      else await see(board, alive.get(lock)?.run ?? run)
    } catch {
      // Its processes are gone; the board is told of it when it can be.
      alive.delete(lock)
    } finally {
      unheard.delete(lock)
    }
  }

  function later(): void {
    setTimeout(() => stopped || options.onEnd(), againMs).unref()
  }

  function folderOf(run: LiveRun): string {
    return folderOfRun(options.root, { task: run.task_id, run: run.id, lock: run.claim_lock })
  }

  return {
    see,
    keepOnly(looked) {
      const live = new Set(looked.flatMap(({ runs }) => runs.map((run) => run.claim_lock)))
      for (const lock of leases.keys()) if (!live.has(lock)) leases.delete(lock)
      const boards = new Set(looked.map(({ board }) => board))
      for (const [lock, { board }] of alive) {
        if (boards.has(board) && !live.has(lock)) alive.delete(lock)
      }
    },
    stop() {
      stopped = true
      clearInterval(timer)
      for (const socket of sockets.values()) socket.destroy()
    },
  }

  async function see(board: Board, run: LiveRun, sawExit?: string): Promise<string | undefined> {
    const under = looks.get(run.claim_lock)
    if (under !== undefined && sawExit === undefined) return under
    // Who saw the exit knows more than a look that is under way.
    const ending = Promise.resolve(under)
      .catch(() => {})
      .then(() => look(board, run, sawExit))
    looks.set(run.claim_lock, ending)
    try {
      return await ending
    } catch (error) {
      later()
      throw error
    } finally {
      if (looks.get(run.claim_lock) === ending) looks.delete(run.claim_lock)
    }
  }
}

async function answers({ store }: Board): Promise<boolean> {
  return (await inTime(store.read(latestEventId))) !== undefined
}

function isOnServer({ store }: Board): boolean {
  return store.dialect === 'postgres'
}

function isSilent({ stillMs, ttlMs }: Lease): boolean {
  return stillMs > 2 * ttlMs
}

function hasRunner({ runner_pid: pid, runner_start: start }: LiveRun): boolean {
  return pid !== null && start !== null && isAlive(pid, start)
}

/** What it leaves is ended by whoever finds it gone: the next line of the caller. */
function kill(run: LiveRun): void {
  if (run.runner_pid !== null && hasRunner(run)) process.kill(run.runner_pid, 'SIGKILL')
}
