import { readBrief } from '../../agent/brief.ts'
import { reportTo } from '../../agent/report.ts'
import { openSession, type Session } from '../../agent/session.ts'
import { teller } from '../../agent/tell.ts'
import { work } from '../../agent/work.ts'
import { systemClock } from '../../lib/clock.ts'
import { neutralise } from '../../lib/text.ts'
import type { Ask } from '../../mcp/tool.ts'
import { BoardError } from '../../model/error.ts'
import { callerFor } from '../caller.ts'
import type { Asked } from './asked.ts'
import { stopOnSignals } from './signals.ts'

/** The longest time between two heartbeats, in milliseconds. */
const longestPulse = 60_000

/** Works on the task of this run until it is handed over. Resolves with the exit code. */
export async function workOn(asked: Asked, prompt: string, host: NodeJS.Process): Promise<number> {
  const { environment, config } = asked
  const { worker } = environment
  if (worker === undefined) throw new TypeError('this is no worker')
  let session: Session | undefined
  const stop = stopOnSignals(host, () => session?.kill())
  const caller = await callerFor(environment, host)
  const asking = { board: asked.board, profile: environment.profile && asked.profile }
  const ask: Ask = (operation, input) => caller.call(operation, input, asking)
  const log = teller(
    (words) => host.stdout.write(words),
    (line) => host.stdout.write(`${line}\n`),
  )
  const brief = readBrief(prompt, worker.task)
  try {
    session = await openSession({
      ...asked,
      folder: worker.workspace ?? host.cwd(),
      clock: systemClock,
      listener: log,
      work: { ask, guidance: brief?.guidance },
    })
    if (session.faults.length > 0) throw new BoardError('config', session.faults.join('; '))
    const ttl = environment.claimTtl ?? config.claim_ttl_seconds
    const ending = await work({
      session,
      order: brief?.order ?? prompt,
      worker,
      ask,
      signal: stop.signal,
      pulse: Math.min(longestPulse, (ttl * 1000) / 3),
      report: reportTo(worker.report),
      doing: log.doing,
    })
    if (ending.says !== undefined) host.stderr.write(`hermes: ${neutralise(ending.says)}\n`)
    return stop.exit() ?? ending.exit
  } finally {
    await session?.close()
    await caller.close()
  }
}
