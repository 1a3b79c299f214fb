/** The chat without a terminal: a line of input is a message, an answer is text. */

import { createInterface } from 'node:readline'
import type { Session } from '../session.ts'
import { type Commands, conversation } from './conversation.ts'

/** Resolves when the input is at its end and all of it is answered. */
export async function plainChat(
  session: Session,
  commands: Commands,
  input: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<void> {
  const talk = conversation(session, commands)
  const lines = createInterface({ input })
  signal.addEventListener('abort', () => {
    lines.close()
    talk.stop()
  })
  for await (const line of lines) {
    if ((await talk.say(line)) === 'leave') return
  }
}
