/** The conversation with an agent about one task: it is told its brief, reminded once, and judged by what the board says. */

import { setTimeout as pause } from 'node:timers/promises'
import {
  type ClientContext,
  type ContentBlock,
  methods,
  RequestError,
} from '@agentclientprotocol/sdk'
import { cut, oneLine } from '../../../lib/text.ts'
import { messageOf } from '../../../lib/thrown.ts'
import type { Said } from '../../../workers/signs.ts'
import type { Prepared } from '../../prepare.ts'
import { type Verdict, verdictOn } from '../../verdict.ts'
import type { Journal } from './journal.ts'
import type { Pulse } from './pulse.ts'
import { Unable } from './session.ts'
import type { Tally } from './tally.ts'

export interface Talk {
  readonly agent: ClientContext
  readonly session: string
  readonly prepared: Prepared
  /** What it is told first. */
  readonly brief: string
  readonly journal: Journal
  readonly pulse: Pulse
  readonly tally: Tally
  /** Whether the board still waits for the end of the run. */
  readonly isOpen: () => Promise<boolean>
  readonly now: () => number
  /** Called after each turn. */
  readonly onTurn: () => Promise<void>
}

/** Some say their last words, and their last numbers, after the end of the turn; in milliseconds. */
export const lateMs = 150

/** Bytes of last words that an error keeps. */
const longestWords = 400

/** Resolves with what its words decide, and with nothing once the board knows the end of the run. Throws what the agent answers. */
export async function talk(with_: Talk): Promise<Verdict | undefined> {
  const { prepared, journal, isOpen, now } = with_
  for (const text of [with_.brief, reminder]) {
    await turn(with_, text)
    if (!(await isOpen())) return undefined
    const verdict = verdictOn({ words: journal.lastWords() }, prepared.runtime, now())
    if (verdict !== undefined) return verdict
  }
  return { what: 'unfinished', said: cut(journal.lastWords(), longestWords) }
}

/** Its end proves nothing, whatever it is called: only the board's own record does. */
async function turn(with_: Talk, text: string): Promise<void> {
  const { agent, session: sessionId, journal, pulse, tally } = with_
  journal.newTurn()
  pulse.beat()
  try {
    const prompt: ContentBlock[] = [{ type: 'text', text }]
    const response = await agent.request(methods.agent.session.prompt, { sessionId, prompt })
    tally.turn(response)
    if (response.stopReason !== 'end_turn') journal.note(`its turn ended: ${response.stopReason}`)
  } finally {
    pulse.toolsEnded()
    await pause(lateMs)
    await with_.onTurn()
  }
}

const reminder = `Your turn has ended, but your task is still running on the board, so nothing that you did counts yet.

If the work is not done, go on with it now. Then end with exactly one of two calls: kanban_complete when it is done and checked, kanban_block when you need something that only a person has. An answer in words alone ends the run as a failure; you will not be asked again.`

/** What an error of the agent decides about its run. */
export function verdictOnError(
  error: unknown,
  { runtime }: Pick<Prepared, 'runtime'>,
  now: number,
): Verdict {
  if (error instanceof Unable) return { what: 'unusable', said: error.message }
  if (!(error instanceof RequestError)) {
    return { what: 'failed', said: messageOf(error) }
  }
  const { code, message, data } = error
  const said: Said = { code, message, ...(data === undefined ? {} : { data }) }
  const details = detailsIn(data)
  const words = details === '' || message.includes(details) ? message : `${message}: ${details}`
  const verdict = verdictOn(said, runtime, now)
  if (verdict === undefined) return { what: 'failed', said: `${words} (error ${code})` }
  return 'said' in verdict ? { ...verdict, said: words } : verdict
}

/** The part of an error's data that was written for people. */
function detailsIn(data: unknown): string {
  if (typeof data === 'string') return cut(oneLine(data), longestWords)
  if (typeof data !== 'object' || data === null) return ''
  const { details, message, error } = data as Record<string, unknown>
  const text = [details, message, error].find((one) => typeof one === 'string' && one !== '')
  return text === undefined ? '' : cut(oneLine(String(text)), longestWords)
}
