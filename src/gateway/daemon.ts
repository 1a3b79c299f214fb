/** `hermes kanban daemon`: the old name of the loop, kept for scripts that know it. */

import { rm } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { programOf } from '../cli/program.ts'
import { dropWorkerVariables, environment } from '../config.ts'
import { otherEdition } from '../dispatcher/other-edition.ts'
import { systemClock } from '../lib/clock.ts'
import { writePrivate } from '../lib/files.ts'
import { lasting, logTo } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'
import { dispatch } from './dispatch.ts'
import { endingOf } from './ending.ts'
import { watchedConfig } from './watched-config.ts'

const usage = `Usage: hermes kanban daemon --force [--interval <s>] [--max <n>] [--failure-limit <n>] [--pidfile <path>] [-v]

The old name of the dispatcher, which is a part of the gateway now: hermes gateway start.

Flags:
  --force              run the dispatcher alone, without the gateway, until it is stopped
  --interval <s>       seconds between two passes at the most
  --max <n>            how many runs one pass may start
  --failure-limit <n>  failures in a row after which a task is blocked
  --pidfile <path>     where to write its pid; removed at the end
  -v, --verbose        say more
`

export async function daemon(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const flags = parsed(argv)
  if (flags.help) {
    host.stdout.write(usage)
    return 0
  }
  if (!flags.force) {
    throw new BoardError(
      'usage',
      'the dispatcher is a part of the gateway now: use hermes gateway start (or run, or install); hermes kanban daemon --force runs it alone',
    )
  }
  await runAlone(
    {
      interval: numberIn(flags.interval, '--interval', 0.1),
      max: numberIn(flags.max, '--max', 1),
      failureLimit: numberIn(flags['failure-limit'], '--failure-limit', 1),
      pidfile: flags.pidfile,
      verbose: flags.verbose ?? false,
    },
    host,
  )
  return 0
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        force: { type: 'boolean' },
        interval: { type: 'string' },
        max: { type: 'string' },
        'failure-limit': { type: 'string' },
        pidfile: { type: 'string' },
        verbose: { type: 'boolean', short: 'v' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    const [first = ''] = (error as Error).message.split('. ')
    throw new BoardError('usage', `kanban daemon: ${first.replace(/\.$/, '')}; see --help`)
  }
}

function numberIn(text: string | undefined, flag: string, least: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  const fits = number >= least && (least < 1 ? Number.isFinite(number) : Number.isInteger(number))
  if (text.trim() !== '' && fits) return number
  const kind = least < 1 ? 'a number' : 'a whole number'
  throw new BoardError(
    'usage',
    `${flag} must be ${kind}, ${least} or more, not ${JSON.stringify(text)}`,
  )
}

interface Alone {
  readonly interval: number | undefined
  readonly max: number | undefined
  readonly failureLimit: number | undefined
  readonly pidfile: string | undefined
  readonly verbose: boolean
}

async function runAlone(how: Alone, host: NodeJS.Process): Promise<void> {
  dropWorkerVariables()
  host.title = 'hermes-kanban'
  const signal = endingOf(host)
  const facts = environment()
  const level = how.verbose ? 'debug' : 'info'
  const log = logTo(lasting(host.stderr), { clock: systemClock, level })
  const other = await otherEdition(facts.root)
  if (other !== undefined) throw new BoardError('conflict', other)
  const config = await watchedConfig(facts.root, log)
  const { interval, max, failureLimit, pidfile } = how
  try {
    if (pidfile !== undefined) await writePrivate(pidfile, `${host.pid}\n`)
    await dispatch({
      environment: facts,
      clock: systemClock,
      log,
      pid: host.pid,
      program: programOf(host),
      config: async () => ({
        ...(await config()),
        ...(interval === undefined ? {} : { dispatch_interval_seconds: interval }),
      }),
      pass: {
        ...(max === undefined ? {} : { max }),
        ...(failureLimit === undefined ? {} : { failureLimit }),
      },
      signal,
    })
  } finally {
    if (pidfile !== undefined) await rm(pidfile, { force: true })
  }
}
