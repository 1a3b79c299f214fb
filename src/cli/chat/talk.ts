import { hostname } from 'node:os'
import { readHistory } from '../../agent/chat/history.ts'
import { plainChat } from '../../agent/chat/plain.ts'
import { terminalChat } from '../../agent/chat/terminal.ts'
import { openSession, type Session } from '../../agent/session.ts'
import type { Listener } from '../../agent/talk/talk.ts'
import { teller } from '../../agent/tell.ts'
import { type Board, openBoard } from '../../board/board.ts'
import { chooseBoard } from '../../board/places.ts'
import { readConfig } from '../../config.ts'
import { systemClock } from '../../lib/clock.ts'
import { neutralise } from '../../lib/text.ts'
import type { Context } from '../../operations/operation.ts'
import { slash } from '../../operations/slash.ts'
import { loadProfile } from '../../workers/profiles.ts'
import { programOf } from '../program.ts'
import { styleOf } from '../terminal.ts'
import type { Asked } from './asked.ts'
import { completeLine } from './complete.ts'
import { stopOnSignals } from './signals.ts'

/** A conversation with a person, in a terminal or line by line. Resolves with the exit code. */
export async function talk(asked: Asked, host: NodeJS.Process): Promise<number> {
  const { environment } = asked
  let session: Session | undefined
  let opened: Promise<Board> | undefined
  const stop = stopOnSignals(host, () => session?.kill())
  const board = (): Promise<Board> => {
    opened ??= chooseBoard(environment, asked.board).then((place) => openBoard(place, systemClock))
    return opened
  }
  const context: Context = {
    environment,
    board,
    config: async () => (await readConfig(environment.root)).config,
    actor: environment.profile ?? 'user',
    profile: environment.profile,
    claimant: { host: hostname(), pid: host.pid },
    program: programOf(host),
    signal: stop.signal,
  }
  const kanban = (text: string): Promise<string> => slash(text, context)
  const open = (listener: Listener): Promise<Session> =>
    openSession({ ...asked, folder: host.cwd(), clock: systemClock, listener, work: undefined })

  try {
    if (host.stdin.isTTY && host.stdout.isTTY) {
      const style = styleOf(environment, host)
      const { folder } = await loadProfile(environment.root, asked.profile)
      const history = await readHistory(folder)
      const complete = (line: string) => completeLine(line, environment)
      const chat = terminalChat({
        stdin: host.stdin,
        stdout: host.stdout,
        style,
        history,
        complete,
      })
      session = await open(chat.listener)
      const { name } = session.talk.model.chosen
      chat.print(`${asked.profile} · ${name} · /help, Ctrl-D leaves`)
      for (const fault of session.faults) chat.print(fault)
      await chat.run(session, { kanban }, stop.signal)
    } else {
      const { stdin, stdout, stderr } = host
      const tell = (line: string): unknown => stderr.write(`${neutralise(line)}\n`)
      session = await open(teller((words) => stdout.write(words), tell))
      for (const fault of session.faults) tell(`hermes: ${fault}`)
      const print = (text: string): unknown => stdout.write(`${neutralise(text)}\n`)
      await plainChat(session, { kanban, print }, stdin, stop.signal)
    }
    return stop.exit() ?? 0
  } finally {
    await session?.close()
    const board = await opened?.catch(() => undefined)
    await board?.store.close()
  }
}
