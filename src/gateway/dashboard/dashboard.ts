/** `hermes dashboard`: the page and its API, until it is stopped; or where they are already. */

import { programOf } from '../../cli/program.ts'
import { dropWorkerVariables, environment } from '../../config.ts'
import { installationToken, rotateToken } from '../../http/access/token.ts'
import { usualPort } from '../../http/port.ts'
import { base } from '../../http/route.ts'
import { findRunning } from '../../http/running.ts'
import { type Dashboard, isLoopback, serveDashboard } from '../../http/serve.ts'
import type { Ticket } from '../../http/types.ts'
import { systemClock } from '../../lib/clock.ts'
import { logTo } from '../../lib/log.ts'
import { BoardError } from '../../model/error.ts'
import { flag } from '../../operations/command/grammar.ts'
import { type Given, read } from '../../operations/command/read.ts'
import { aborted, endingOf } from '../ending.ts'
import { watchedConfig } from '../watched-config.ts'
import { openBrowser } from './browser.ts'
import { gatewayFacts } from './facts.ts'

const flags = [
  flag('host', '--host <address>', 'the address to listen at; 127.0.0.1 where left out'),
  flag('port', '--port <number>', `the port; ${usualPort} or the next free one where left out`),
  flag('no_open', '--no-open', 'print the link and open no browser'),
  flag('new_token', '--new-token', 'make a new token: links and cookies from before are void'),
]

const usage = 'hermes dashboard [--host <address>] [--port <number>] [--no-open] [--new-token]'

const help = `Usage: ${usage}

Serves the board as a page, and the API behind it, until it is stopped. Where a dashboard of this home runs
already, in the gateway or elsewhere, and neither host nor port is asked for, its link is printed instead.

Flags:
  --host <address>  the address to listen at; 127.0.0.1 where left out: this machine alone
  --port <number>   the port; ${usualPort} or the next free one where left out
  --no-open         print the link and open no browser
  --new-token       make a new token: links and cookies from before are void
`

export async function dashboard(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const given = read(argv, { path: [], places: [], flags }, usage)
  if (given.has('help')) {
    host.stdout.write(help)
    return 0
  }
  dropWorkerVariables()
  const { root } = environment()
  const opens = given.get('no_open') !== true
  const port = portIn(given)
  const address = given.get('host')?.toString()
  if (given.get('new_token') === true) await rotateToken(root)
  const running = port === undefined && address === undefined ? await findRunning(root) : undefined
  if (running === undefined) return serve({ port, address, opens }, host)
  const token = (await installationToken(root))()
  const by = running.by === 'gateway' ? 'The gateway' : `Process ${running.pid}`
  host.stdout.write(
    `${by} serves the dashboard of ${root} already: ${running.url}/?token=${token}\n`,
  )
  if (opens) openBrowser(await onceLink(running.url, token), host.env)
  return 0
}

/** As the server's own, asked for from outside. */
async function onceLink(url: string, token: string): Promise<string> {
  const answer = await fetch(`${url}${base}/tickets`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
  })
  const { ticket } = (await answer.json()) as Ticket
  return `${url}/?ticket=${ticket}`
}

function portIn(given: Given): number | undefined {
  const text = given.get('port')?.toString()
  if (text === undefined) return undefined
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new BoardError(
    'usage',
    `--port must be a number from 0 to 65535, not ${JSON.stringify(text)}`,
  )
}

interface How {
  readonly port: number | undefined
  readonly address: string | undefined
  readonly opens: boolean
}

async function serve({ port, address, opens }: How, host: NodeJS.Process): Promise<number> {
  const ending = endingOf(host)
  const facts = environment()
  const log = logTo(host.stderr, { clock: systemClock })
  const served = await serveDashboard({
    ...{ environment: facts, clock: systemClock, log, by: 'dashboard' },
    ...{ pid: host.pid, program: programOf(host) },
    config: await watchedConfig(facts.root, log),
    gateway: () => gatewayFacts(facts.root),
    ...(port === undefined ? {} : { port }),
    ...(address === undefined ? {} : { host: address }),
  })
  host.stdout.write(`${lines(served, facts.root, { port, address, opens }).join('\n')}\n`)
  if (opens && !ending.aborted) openBrowser(served.onceLink(), host.env)
  await aborted(ending)
  await served.close()
  return 0
}

function lines(served: Dashboard, root: string, { port, address }: How): string[] {
  const moved = port === undefined && served.port !== usualPort
  return [
    ...(moved ? [`Port ${usualPort} is taken: it is at ${served.port} this time`] : []),
    ...(address === undefined || isLoopback(address)
      ? []
      : [
          `It can be reached from other machines at ${address}: whoever has the link can change the board and start workers, and what is sent is not encrypted`,
        ]),
    `The dashboard of ${root}: ${served.link()}`,
    'Ctrl-C ends it; workers and the gateway go on.',
  ]
}
