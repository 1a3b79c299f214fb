import { type ChildProcess, spawn } from 'node:child_process'
import { takeLock } from '../dispatcher/lock.ts'
import { BoardError } from '../model/error.ts'
import { logFile, openLogFile, readFrom } from './log-file.ts'
import { readState, type State } from './state.ts'

/** How long whoever only asks whether a lock is held waits for others who only ask, in milliseconds. */
const askMs = 100

/** How long the start may take before nobody waits for it any more, in milliseconds. */
const patienceMs = 60_000

/** Whether a gateway of this home is alive; its state where it has said so. */
export async function findGateway(
  root: string,
): Promise<{ readonly alive: boolean; readonly state: State | undefined }> {
  const lock = await takeLock(root, 'gateway', askMs)
  lock?.release()
  return lock === undefined
    ? { alive: true, state: await readState(root) }
    : { alive: false, state: undefined }
}

/**
 * Starts a gateway that goes on when we end, and waits until its parts work, are off or have failed.
 * Throws `environment` with what it said when it did not come that far.
 */
export async function startInBackground(
  root: string,
  program: readonly string[],
  patience = patienceMs,
): Promise<State> {
  const log = await openLogFile(root)
  const before = (await log.stat()).size
  const [command = process.execPath, ...args] = program
  try {
    const child = spawn(command, [...args, 'gateway', 'run'], {
      detached: true,
      cwd: root,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
    })
    child.unref()
    const state = await settled(child, patience)
    if (typeof state === 'object') return state
    const said = await readFrom(logFile(root), before)
    throw new BoardError('environment', `the gateway ${state}${lastLine(said)}`)
  } finally {
    await log.close()
  }
}

/** Its state when it has told us, else what became of it. */
function settled(child: ChildProcess, patience: number): Promise<State | string> {
  return new Promise((resolve) => {
    const answer = (what: State | string): void => {
      clearTimeout(timer)
      if (child.connected) child.disconnect()
      resolve(what)
    }
    const late = `(process ${child.pid}) has not begun its work for a while; its log goes on`
    const timer = setTimeout(() => answer(late), patience)
    child.once('message', (state) => answer(state as State))
    child.once('error', (error) => answer(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => answer(`has ended at once (${signal ?? `exit ${code}`})`))
  })
}

function lastLine(said: string): string {
  const line = said
    .trim()
    .split('\n')
    .at(-1)
    ?.replace(/^hermes: /, '')
  return line ? `: ${line}` : ''
}
