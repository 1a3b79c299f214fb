import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, realpathSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { getRun } from '../board/history.ts'
import type { Variables } from '../config.ts'
import { privateFolder } from '../lib/files.ts'
import { messageOf } from '../lib/thrown.ts'
import type { Store } from '../store/store.ts'
import { runFolder } from './host.ts'
import { folderOfRun, readRunnerLog } from './run-folder.ts'
import { type Ticket, writeTicket } from './ticket.ts'

/** A runner that was started, for as long as its dispatcher lives. */
export interface Started {
  readonly pid: number | undefined
  /** Resolves when the runner is gone, with what it said on stderr; a runner that could not be started at once. */
  readonly gone: Promise<string>
}

/**
 * Starts the runner of a claimed run as a process of its own that outlives us. It gets files, never
 * pipes, so that nothing of it hangs on us.
 */
export async function startRunner(what: Ticket, variables: Variables): Promise<Started> {
  const folder = folderOfRun(what.root, what)
  await privateFolder(folder)
  await writeTicket(folder, what)
  const cache = join(runFolder(what.root), 'cache')
  // Node would make it with the mode that the umask leaves.
  await privateFolder(cache)
  const log = await open(join(folder, 'runner.log'), 'a', 0o600)
  try {
    const [command, ...args] = runnerProgram(what.program)
    const child = spawn(command, [...args, folder], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      cwd: what.root,
      env: { ...variables, NODE_COMPILE_CACHE: cache },
    })
    child.unref()
    return { pid: child.pid, gone: gone(child, folder) }
  } finally {
    await log.close()
  }
}

/** A runner mostly waits: with little room for what it forgets at once it takes 4 MB less. */
const thrifty = '--max-semi-space-size=1'

/**
 * Installed, the runner is a file of its own beside the main one: as a single file it starts in two
 * thirds of the time that a hundred chunks take. From source the main file leads to it.
 */
function runnerProgram([node = process.execPath, main = '']: readonly string[]): [
  string,
  ...string[],
] {
  const own = join(dirname(realpathSync(main)), 'runner.cjs')
  return existsSync(own)
    ? [node, thrifty, '--disable-warning=ExperimentalWarning', own]
    : [node, thrifty, main, 'runner']
}

async function gone(child: ReturnType<typeof spawn>, folder: string): Promise<string> {
  try {
    await once(child, 'exit')
  } catch (error) {
    return messageOf(error)
  }
  return readRunnerLog(folder)
}

/** Resolves when the run has its runner, or there is none to wait for any more. */
export function adopted(store: Store, id: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = async (): Promise<void> => {
      const run = await store.read((reader) => getRun(reader, id))
      if (run?.runner_pid === null && run.ended_at === null) return
      unwatch()
      resolve()
    }
    const unwatch = store.watch(() => look().catch(reject))
    look().catch(reject)
  })
}
