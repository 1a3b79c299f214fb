import { answer } from '../../agent/chat/conversation.ts'
import { openSession, type Session } from '../../agent/session.ts'
import { teller } from '../../agent/tell.ts'
import { systemClock } from '../../lib/clock.ts'
import { neutralise } from '../../lib/text.ts'
import type { Asked } from './asked.ts'
import { stopOnSignals } from './signals.ts'

/** One message and its answer: what the model says on stdout, all else on stderr. Resolves with the exit code. */
export async function once(asked: Asked, prompt: string, host: NodeJS.Process): Promise<number> {
  const { stdout, stderr } = host
  let session: Session | undefined
  const stop = stopOnSignals(host, () => session?.kill())
  const tell = (line: string): unknown => stderr.write(`${neutralise(line)}\n`)
  try {
    session = await openSession({
      ...asked,
      folder: host.cwd(),
      clock: systemClock,
      listener: teller((words) => stdout.write(words), tell),
      work: undefined,
    })
    for (const fault of session.faults) tell(`hermes: ${fault}`)
    const { exit, says } = await answer(session, prompt, stop.signal)
    if (says !== undefined) tell(`hermes: ${says}`)
    return stop.exit() ?? exit
  } finally {
    await session?.close()
  }
}
