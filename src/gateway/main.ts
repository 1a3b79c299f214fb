/** `hermes gateway …`: the verbs of the long-running process. */

import { programOf } from '../cli/program.ts'
import { dropWorkerVariables, environment } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import { lasting, logTo } from '../lib/log.ts'
import { nearest } from '../lib/nearest.ts'
import { neutralise } from '../lib/text.ts'
import { BoardError } from '../model/error.ts'
import { redact } from './chats/redact.ts'
import { endingOf } from './ending.ts'
import { logFile } from './log-file.ts'
import { runGateway } from './run.ts'
import { findGateway, startInBackground } from './start.ts'
import type { State } from './state.ts'
import { gatewayStatus, partLine, statusLines } from './status.ts'
import { stopGateway } from './stop.ts'

interface Verb {
  readonly says: string
  readonly more: string
  readonly flags?: Readonly<Record<string, string>>
  readonly run: (host: NodeJS.Process, flags: ReadonlySet<string>) => Promise<number>
}

const verbs: Readonly<Record<string, Verb>> = {
  run: {
    says: 'work in the foreground until it is stopped',
    more: 'SIGTERM or Ctrl-C ends it at once. Workers go on, and the next start takes them over.',
    run,
  },
  start: {
    says: 'start it in the background',
    more: 'Returns when it dispatches, or says why it does not. Its log is kanban/run/gateway.log in the home.',
    run: start,
  },
  stop: {
    says: 'end it; workers go on',
    more: 'Returns when it has let go of everything. Where a service keeps it, the service is stopped.',
    run: stop,
  },
  restart: {
    says: 'end it and start it again',
    more: 'Workers go on, and the new one takes them over.',
    run: restart,
  },
  status: {
    says: 'say how it is: exit 0 when it dispatches, 3 when not',
    more: 'Since when it runs, what its parts do, how many boards and workers it has, and what is wrong.',
    flags: { '--json': 'print JSON' },
    run: status,
  },
  install: {
    says: 'have the system keep it going: a systemd unit or launchd agent of yours',
    more: 'Writes one file and starts the service; says what to type where the system does not answer.',
    run: async (host) => (await import('./service/verbs.ts')).install(host),
  },
  uninstall: {
    says: 'take that back',
    more: 'Stops the service and removes the file that install wrote.',
    run: async (host) => (await import('./service/verbs.ts')).uninstall(host),
  },
  manifest: {
    says: 'print what a chat platform makes an app from: slack',
    more: 'Paste it where Slack asks for a manifest when you create an app; docs/gateway.md has every step.',
    flags: { slack: 'the manifest of a Slack app, as JSON' },
    run: manifest,
  },
}

export async function gateway(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const [name, ...words] = argv
  const asksHelp = [name, ...words].some((word) => word === '--help' || word === '-h')
  const verb = name !== undefined && Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (verb === undefined) {
    if (name !== undefined && name !== 'help' && !asksHelp) throw unknown(name)
    host.stdout.write(overview())
    return name === undefined ? 2 : 0
  }
  if (asksHelp) {
    host.stdout.write(help(name ?? '', verb))
    return 0
  }
  const odd = words.find((word) => !Object.hasOwn(verb.flags ?? {}, word))
  if (odd !== undefined) {
    throw new BoardError(
      'usage',
      `gateway ${name} does not take ${JSON.stringify(odd)}: hermes gateway ${name} --help says what it does`,
    )
  }
  return verb.run(host, new Set(words))
}

function unknown(name: string): BoardError {
  const meant = nearest(name, Object.keys(verbs))
  const hint =
    meant === undefined ? `use ${Object.keys(verbs).join(', ')}` : `did you mean ${meant}?`
  return new BoardError('usage', `gateway has no verb ${JSON.stringify(name)}: ${hint}`)
}

function overview(): string {
  const rows = Object.entries(verbs).map(([name, { says }]) => `  ${name.padEnd(9)}  ${says}`)
  return `${['Usage: hermes gateway <verb>', '', 'The long-running process of a home: starts workers for tasks that are ready.', '', 'Verbs:', ...rows, '', 'hermes gateway <verb> --help tells more.'].join('\n')}\n`
}

function help(name: string, { says, more, flags = {} }: Verb): string {
  const rows = Object.entries(flags).map(([flag, meaning]) => `  ${flag}  ${meaning}`)
  return `${[`Usage: hermes gateway ${[name, ...Object.keys(flags).map((flag) => `[${flag}]`)].join(' ')}`, '', `${says.charAt(0).toUpperCase()}${says.slice(1)}.`, more, ...(rows.length === 0 ? [] : ['', 'Flags:', ...rows])].join('\n')}\n`
}

async function run(host: NodeJS.Process): Promise<number> {
  const inWorker = environment().worker !== undefined
  dropWorkerVariables()
  host.title = 'hermes-kanban'
  const signal = endingOf(host)
  const { env } = host
  const log = logTo(lasting(host.stderr), { clock: systemClock })
  if (inWorker) log.warn('this ends with the worker that it is in: use hermes gateway start')
  // What a library of one chat platform forgets to catch must not end the dispatcher and the other chats.
  host.on('unhandledRejection', (reason) => {
    log.error(`nobody caught: ${redact(reason)}`)
  })
  await runGateway({
    environment: environment(),
    clock: systemClock,
    log,
    pid: host.pid,
    program: programOf(host),
    service:
      env.SYSTEMD_EXEC_PID === String(host.pid)
        ? 'systemd'
        : env.XPC_SERVICE_NAME === 'hermes-kanban'
          ? 'launchd'
          : null,
    signal,
    onSettled(state) {
      if (!host.connected) return
      host.send?.(state, () => host.disconnect())
    },
  })
  return 0
}

/** A worker's group and variables are left behind: the gateway must not be ended with its run. */
async function start(host: NodeJS.Process): Promise<number> {
  dropWorkerVariables()
  const { root } = environment()
  const found = await findGateway(root)
  if (found.alive) {
    const which = found.state === undefined ? '' : `: process ${found.state.pid}`
    host.stdout.write(`The gateway of ${root} runs already${which}\n`)
    return 0
  }
  return started(await startInBackground(root, programOf(host)), root, host)
}

function started({ pid, parts }: State, root: string, host: NodeJS.Process): number {
  host.stdout.write(`The gateway of ${root} runs: process ${pid}, log ${logFile(root)}\n`)
  for (const [name, part] of Object.entries(parts)) {
    if (part.state !== 'on') host.stdout.write(`Its ${name} is not at work (${partLine(part)})\n`)
  }
  return Object.values(parts).some((part) => part.state === 'failed') ? 1 : 0
}

async function stop(host: NodeJS.Process): Promise<number> {
  const { root } = environment()
  const { state: known } = await findGateway(root)
  if (known?.service != null) return (await import('./service/verbs.ts')).stop(host)
  const state = await stopGateway(root)
  host.stdout.write(
    state === undefined
      ? `No gateway runs for ${root}\n`
      : `The gateway of ${root} is stopped: process ${state.pid}; workers go on\n`,
  )
  return 0
}

async function restart(host: NodeJS.Process): Promise<number> {
  dropWorkerVariables()
  const { root } = environment()
  const { state } = await findGateway(root)
  if (state?.service != null) return (await import('./service/verbs.ts')).restart(host)
  await stopGateway(root)
  return started(await startInBackground(root, programOf(host)), root, host)
}

async function manifest(host: NodeJS.Process, flags: ReadonlySet<string>): Promise<number> {
  if (!flags.has('slack')) {
    throw new BoardError(
      'usage',
      'gateway manifest needs a platform: slack is the one that has any',
    )
  }
  const { slackManifest } = await import('./chats/slack-manifest.ts')
  host.stdout.write(`${JSON.stringify(slackManifest, null, 2)}\n`)
  return 0
}

/** The service's answer, as systemd and scripts read it: 3 is "not running". */
async function status(host: NodeJS.Process, flags: ReadonlySet<string>): Promise<number> {
  const facts = await gatewayStatus(environment(), systemClock)
  const text = flags.has('--json')
    ? JSON.stringify(facts)
    : neutralise((await statusLines(facts, systemClock())).join('\n'))
  host.stdout.write(`${text}\n`)
  return facts.dispatching ? 0 : 3
}
