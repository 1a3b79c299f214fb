/** What a person and a model say to each other, wherever the person sits: messages, commands, turns. */

import { quotaExit } from '../../model/quota-exit.ts'
import { ModelTrouble } from '../model/trouble.ts'
import type { Session } from '../session.ts'
import { OutOfContext } from '../talk/fit.ts'
import { turn } from '../talk/turn.ts'
import type { Ending } from '../work.ts'

export interface Commands {
  /** What stands behind `/kanban`, done; never thrown. */
  readonly kanban: (text: string) => Promise<string>
  /** For a person, outside of the conversation. */
  readonly print: (text: string) => void
}

export interface Conversation {
  /** A command, which is done at once, or a message, which waits for the turn before it. */
  say(line: string): Promise<'done' | 'leave'>
  /** Ends the turn that is going on; false when there is none, or when it is about to end already. */
  stop(): boolean
}

const help = `Say what you want. These are done at once, also while an answer is coming:

  /kanban <command>   the board, such as /kanban list; /kanban help names all
  /new                forget this conversation and begin another
  /help               this
  /exit               leave; so does Ctrl-D

Ctrl-C stops the answer that is coming.`

export function conversation(session: Session, { kanban, print }: Commands): Conversation {
  let running: AbortController | undefined
  let last: Promise<unknown> = Promise.resolve()

  async function command(line: string): Promise<'done' | 'leave'> {
    const [, name = '', rest = ''] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? []
    if (name === 'kanban') print(await kanban(rest))
    else if (name === 'help') print(help)
    else if (name === 'exit' || name === 'quit') return 'leave'
    else if (name === 'new') {
      running?.abort(stopped)
      await last.catch(() => {})
      session.talk.messages = []
      print('A new conversation.')
    } else print(`There is no command /${name}: /help names those there are.`)
    return 'done'
  }

  async function message(line: string): Promise<void> {
    const stop = new AbortController()
    running = stop
    try {
      const ending = await answer(session, line, stop.signal)
      if (ending.says !== undefined) print(ending.says)
    } finally {
      running = undefined
    }
  }

  return {
    async say(line) {
      if (line.trim() === '') return 'done'
      if (line.startsWith('/')) return command(line.trim())
      const turnBefore = last.catch(() => {})
      last = turnBefore.then(() => message(line))
      await last
      return 'done'
    },
    stop() {
      if (running === undefined || running.signal.aborted) return false
      running.abort(stopped)
      return true
    },
  }
}

const stopped = new Error('stopped')

/** One message and its turn. Never throws: what goes wrong is said, and the conversation goes on. */
export async function answer(
  { talk, profile }: Session,
  prompt: string,
  signal: AbortSignal,
): Promise<Ending> {
  talk.messages.push({ role: 'user', content: prompt })
  try {
    const { how } = await turn(talk, { left: profile.max_steps }, signal)
    if (how !== 'out of steps') return { exit: 0 }
    return { exit: 1, says: `Stopped after ${profile.max_steps} answers: say "go on" for more.` }
  } catch (error) {
    if (signal.aborted) return { exit: 1, says: 'Stopped.' }
    if (error instanceof OutOfContext)
      return { exit: 1, says: `${error.message}: /new begins another.` }
    if (!(error instanceof ModelTrouble)) throw error
    const { provider, name, keys } = talk.model.chosen
    if (error.trouble.kind === 'quota') {
      return { exit: quotaExit, says: `${provider} has no more for now: ${error.message}` }
    }
    const advice =
      error.trouble.kind === 'login'
        ? `: set ${keys.join(' or ') || 'its key'} in the environment`
        : ''
    return { exit: 1, says: `${name}: ${error.message}${advice}` }
  }
}
