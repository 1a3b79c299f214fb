import { existsSync, type FSWatcher, watch as watchFolder } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type Connection, connect } from './sqlite-connection.ts'

/**
 * The `-wal` file is written before the commit can be seen, up to a disk sync earlier: after each
 * notice about it, look at once and again after each of these pauses (milliseconds).
 */
const LOOKS = [1, 2, 8, 32]

/** For a notice that is lost, and for folders that give none. A look costs 1 µs. */
const POLL_MS = { watched: 250, unwatched: 25 }

export interface CommitWatch {
  /** After a commit of our own: looks in the next turn of the event loop, once for many commits. */
  lookSoon(): void
  stop(): void
}

/** Calls `ring` after anybody's commit to `file`. Does not keep the process alive. */
export function watchCommits(file: string, ring: () => void): CommitWatch {
  const version = dataVersion(file)
  let seen = version.read()
  let poll: NodeJS.Timeout | undefined
  let pause: NodeJS.Timeout | undefined
  let soon: NodeJS.Immediate | undefined

  function look(): void {
    const current = version.read()
    if (current === undefined || current === seen) return
    seen = current
    ring()
  }

  function lookAgain(step: number): void {
    clearTimeout(pause)
    if (step === LOOKS.length) return
    pause = setTimeout(() => {
      look()
      lookAgain(step + 1)
    }, LOOKS[step]).unref()
  }

  /** Of a file whose folder was moved away there is no notice, and its version stands still. */
  function lookForIt(): void {
    if (existsSync(file)) look()
    else ring()
  }

  function pollEvery(ms: number): void {
    clearInterval(poll)
    poll = setInterval(lookForIt, ms).unref()
  }

  const watcher = watchNames(dirname(file), {
    onNotice(event, name) {
      if (name === `${basename(file)}-wal`) {
        look()
        lookAgain(0)
      } else if (name === basename(file) && event === 'rename') {
        // Removed or put in the place of another: whoever reads next is told.
        ring()
      }
    },
    onFailure: () => pollEvery(POLL_MS.unwatched),
  })
  pollEvery(watcher === undefined ? POLL_MS.unwatched : POLL_MS.watched)

  return {
    lookSoon() {
      soon ??= setImmediate(() => {
        soon = undefined
        look()
      })
    },
    stop() {
      watcher?.close()
      clearImmediate(soon)
      clearTimeout(pause)
      clearInterval(poll)
      version.close()
    },
  }
}

/**
 * SQLite's own count of commits by other connections. On a connection of its own: inside a snapshot
 * the number would stand still. Unknown while the file cannot be read.
 */
function dataVersion(file: string) {
  let connection: Connection | undefined
  return {
    read(): unknown {
      try {
        connection ??= connect(file)
        return connection.pragma('pragma data_version')
      } catch {
        return undefined
      }
    },
    close: () => connection?.close(),
  }
}

interface Notices {
  onNotice(event: string, name: string | null): void
  onFailure(): void
}

/** Nothing when the system has no watch left to give (inotify has a limit per user). */
function watchNames(folder: string, { onNotice, onFailure }: Notices): FSWatcher | undefined {
  try {
    return watchFolder(folder, { persistent: false }, onNotice).on('error', onFailure)
  } catch {
    return undefined
  }
}
