/** An agent as a worker: started behind a gate, talked to by the Agent Client Protocol over its pipes. */

import { writeSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { type ClientConnection, type ClientContext, methods } from '@agentclientprotocol/sdk'
import type { Session } from '../../../board/session.ts'
import { serveTools } from '../../../mcp/http.ts'
import type { Ask } from '../../../mcp/tool.ts'
import { workerToolbox } from '../../../mcp/worker-toolbox.ts'
import { workerOperation } from '../../../operations/for-workers.ts'
import type { Prepared } from '../../prepare.ts'
import { type Verdict, verdictOn } from '../../verdict.ts'
import type { WorkerProcess } from '../../worker.ts'
import { startGated } from '../gate.ts'
import { connect } from './connect.ts'
import { keepJournal } from './journal.ts'
import { takePulse } from './pulse.ts'
import { openSession } from './session.ts'
import { lateMs, talk, verdictOnError } from './talk.ts'
import { keepTally } from './tally.ts'

/** What the run is to its driver. */
export interface Host {
  /** Has an operation done on behalf of the worker. */
  readonly ask: Ask
  /** Whether the board still waits for the end of the run. */
  readonly isOpen: () => Promise<boolean>
  /** Told what is known of the session, again after each turn. */
  readonly onSession: (session: Session) => Promise<void>
  /** Told at each sign of life, of which there may be hundreds in a second. */
  readonly onSign: () => void
  /** Unix seconds. */
  readonly now: () => number
}

/** How long an agent may take to answer that it has stopped, in milliseconds. */
const cancelMs = 2_000

/** How long it may take to leave once nobody speaks to it any more, in milliseconds. */
const leaveMs = 3_000

/** Between two questions to a board that does not answer, in milliseconds. */
const againMs = 1_000

/** How long a hasty agent is waited for until it asks for our tools, in milliseconds; and how long it takes them in. */
const [toolsMs, takeInMs] = [10_000, 500]

/** All that is needed is loaded, and the tools are served, before the process exists. */
export async function startAcp(prepared: Prepared, host: Host): Promise<WorkerProcess> {
  const { runtime, permissions, patience } = prepared
  const toolbox = workerToolbox()
  const block = workerOperation('block')
  const brief = await readFile(prepared.brief, 'utf8')
  const log = await open(prepared.logFile, 'a', 0o600)
  const pulse = takePulse(patience)
  /** Of the agent itself; what we say to it is none. */
  function beat(): void {
    pulse.beat()
    host.onSign()
  }
  const listed = Promise.withResolvers<void>()
  const ask: Ask = (operation, input) => {
    beat()
    return host.ask(operation, input)
  }
  const tools = await serveTools(toolbox, ask, listed.resolve)
  const journal = keepJournal((text) => {
    try {
      writeSync(log.fd, text)
    } catch {
      // A full disk must not end the work: what is worth keeping goes to the board.
    }
  })
  const tally = keepTally(runtime.usage)
  const judged = Promise.withResolvers<Verdict>()
  let connection: ClientConnection | undefined
  let session: string | null = null
  /** Settled when nobody will say anything more. */
  let conversation: Promise<void> = Promise.resolve()
  /** It was told to stop, or has exited. */
  let isLeaving = false

  /** Whether anything that it says still matters. A board that does not answer is asked again. */
  async function isOpen(): Promise<boolean> {
    while (!isLeaving) {
      const answer = await host.isOpen().catch(() => undefined)
      if (answer !== undefined) return answer && !isLeaving
      await pause(againMs)
    }
    return false
  }

  /** Numbers are not worth a run. */
  function onSession(known: Session): Promise<void> {
    return host.onSession(known).catch(() => journal.note('the board did not note its session'))
  }

  async function letGo(): Promise<void> {
    isLeaving = true
    pulse.stop()
    await Promise.race([conversation, pause(lateMs, undefined, { ref: false })])
    // What it has left behind may hold its pipes open.
    connection?.close()
    await conversation
    await tools.close()
    await log.close()
  }

  const stdio = ['pipe', 'pipe', log.fd] as const
  const { child, worker } = await startGated({ ...prepared, stdio }).catch(async (error) => {
    await letGo()
    throw error
  })
  const stdin = child.stdin as Writable
  const stdout = child.stdout as Readable
  worker.exited.then(letGo, letGo)

  async function converse(agent: ClientContext): Promise<void> {
    try {
      const note = (text: string): void => journal.note(text)
      const opened = await openSession({ agent, prepared, tools, note })
      session = opened.id
      await onSession(opened)
      if (runtime.session.hasty) {
        await Promise.race([listed.promise, pause(toolsMs, undefined, { ref: false })])
        await pause(takeInMs)
      }
      const onTurn = (): Promise<void> => onSession({ usage: tally.total() })
      const told = { agent, session, prepared, brief, journal, pulse, tally }
      const verdict = await talk({ ...told, isOpen, now: host.now, onTurn })
      if (verdict !== undefined) judged.resolve(verdict)
    } catch (error) {
      await judgeError(error)
    }
    // Whoever has nothing more to hear leaves by itself.
    stdin.end()
  }

  async function judgeError(error: unknown): Promise<void> {
    // Its end says more than a connection that broke with it; should it stay, nobody can talk to it any more.
    if (connection?.signal.aborted) {
      await Promise.race([worker.exited, pause(leaveMs, undefined, { ref: false })])
    }
    if (await isOpen()) judged.resolve(verdictOnError(error, prepared, host.now()))
  }

  /** A quota that it tells of and waits for is one all the same. */
  async function onSilence(): Promise<void> {
    const silence = await pulse.silence
    const said = [{ code: 0, message: journal.asides() }, { words: journal.lastWords() }]
    const verdicts = said.map((one) => verdictOn(one, runtime, host.now()))
    judged.resolve(verdicts.find((verdict) => verdict?.what === 'quota') ?? silence)
  }

  /** Refused where the run has ended meanwhile: then there is nobody to ask for either. */
  async function onQuestion(reason: string): Promise<void> {
    await host.ask(block, { reason }).catch(() => {})
  }

  return {
    ...worker,
    verdict: judged.promise,
    open() {
      worker.open()
      pulse.beat()
      const heard = { ...pulse, beat }
      connection = connect({ stdin, stdout, permissions, journal, pulse: heard, tally, onQuestion })
      conversation = converse(connection.agent)
      void onSilence()
    },
    async stop() {
      isLeaving = true
      pulse.stop()
      if (session !== null) {
        await connection?.agent.notify(methods.agent.session.cancel, { sessionId: session })
        await Promise.race([conversation, pause(cancelMs, undefined, { ref: false })])
      }
      stdin.end()
      await Promise.race([worker.exited, pause(leaveMs, undefined, { ref: false })])
    },
  }
}
