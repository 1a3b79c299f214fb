import { programOf } from '../cli/program.ts'
import { dropWorkerVariables, environment } from '../config.ts'
import { dispatcherAlive } from '../dispatcher/holder.ts'
import { systemClock } from '../lib/clock.ts'
import { formatDuration } from '../lib/duration.ts'
import { logTo } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'
import { runGateway } from './run.ts'

const usage = `Usage: hermes gateway run|status

  run     dispatch the boards of this home until it is stopped; workers outlive it
  status  say whether a dispatcher is alive: exit 0 when it is, 3 when not
`

/** `hermes gateway …` */
export async function gateway(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const [verb, ...rest] = argv
  if (verb === 'run' && rest.length === 0) return run(host)
  if (verb === 'status' && rest.length === 0) return status(host)
  if (verb === undefined || verb === '--help' || verb === '-h') {
    host.stdout.write(usage)
    return verb === undefined ? 2 : 0
  }
  throw new BoardError(
    'usage',
    `gateway cannot ${argv.join(' ')}: use hermes gateway run or status`,
  )
}

async function run(host: NodeJS.Process): Promise<number> {
  dropWorkerVariables()
  host.title = 'hermes-kanban'
  const stop = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    host.on(signal, () => stop.abort())
  }
  await runGateway({
    environment: environment(),
    clock: systemClock,
    log: logTo(host.stderr, { clock: systemClock }),
    pid: host.pid,
    program: programOf(host),
    signal: stop.signal,
  })
  return 0
}

/** The service's answer, as systemd and scripts read it: 3 is "not running". */
async function status(host: NodeJS.Process): Promise<number> {
  const { root } = environment()
  const { alive, holder } = await dispatcherAlive(root)
  if (!alive) {
    host.stdout.write(`No dispatcher is running for ${root}: start one with hermes gateway run\n`)
    return 3
  }
  const since = holder && ` since ${formatDuration(systemClock() - holder.since)}`
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`
  host.stdout.write(`Dispatching ${root}: ${who}${since ?? ''}\n`)
  return 0
}
