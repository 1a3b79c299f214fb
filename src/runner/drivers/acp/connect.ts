import { Readable, Writable } from 'node:stream'
import {
  type ClientConnection,
  client,
  methods,
  ndJsonStream,
  type SessionUpdate,
} from '@agentclientprotocol/sdk'
import type { Journal } from './journal.ts'
import { permissionFor } from './permission.ts'
import type { Pulse } from './pulse.ts'
import { questionIn } from './question.ts'
import type { Tally } from './tally.ts'

export interface Connecting {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly permissions: 'allow' | 'deny'
  readonly journal: Journal
  readonly pulse: Pulse
  readonly tally: Tally
  /** Has a question put to a person. */
  readonly onQuestion: (reason: string) => Promise<void>
}

/** Speaks to the agent over its pipes, writes down what it tells, and answers what it asks. */
export function connect(of: Connecting): ClientConnection {
  const { stdin, stdout, permissions, journal, pulse, tally, onQuestion } = of
  // A program that is gone takes no more words.
  stdin.on('error', () => {})
  return client({ name: 'hermes-kanban' })
    .onNotification(methods.client.session.update, ({ params: { update } }) => {
      follow(update, pulse)
      tally.update(update)
      journal.update(update)
    })
    .onRequest(methods.client.session.requestPermission, ({ params }) => {
      pulse.beat()
      const known = journal.call(params.toolCall.toolCallId)
      const { says, response } = permissionFor(params, permissions, known)
      journal.note(says)
      return response
    })
    .onRequest(methods.client.elicitation.create, async ({ params }) => {
      pulse.beat()
      const reason = questionIn(params)
      journal.note(`asks: ${reason}`)
      await onQuestion(reason)
      return { action: 'cancel' as const }
    })
    .connect(ndJsonStream(Writable.toWeb(stdin), webStream(stdout)))
}

function follow(update: SessionUpdate, pulse: Pulse): void {
  pulse.beat()
  if (update.sessionUpdate !== 'tool_call' && update.sessionUpdate !== 'tool_call_update') return
  const isOver = update.status === 'completed' || update.status === 'failed'
  if (isOver) pulse.toolEnded(update.toolCallId)
  else pulse.toolBegan(update.toolCallId)
}

/** Node's types call its own web streams by another name than everybody else's. */
function webStream(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>
}
