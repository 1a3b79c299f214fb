/** The runner as a program: started by a dispatcher for one run, told everything by the ticket in `folder`. */

import { dropWorkerVariables, environment } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import { lasting, logTo } from '../lib/log.ts'
import { runOne } from './runner.ts'

/** Says on stderr why it could not even begin; its dispatcher reads that. */
export async function runRunner(folder: string, host: NodeJS.Process): Promise<void> {
  dropWorkerVariables()
  host.title = 'hermes-kanban runner'
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    host.on(signal, () => stop.abort(`its runner was ended by ${signal}`))
  }
  await runOne(folder, {
    environment: environment(),
    clock: systemClock,
    log: logTo(lasting(host.stderr), { clock: systemClock }).part('runner'),
    pid: host.pid,
    signal: stop.signal,
  })
}
