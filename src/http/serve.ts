/** The dashboard as a server of this process. */

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { type Config, type Environment, readDashboardConfig } from '../config.ts'
import { surroundings } from '../dispatcher/surroundings.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { identityOf } from '../lib/process.ts'
import { BoardError } from '../model/error.ts'
import { packageFolder } from '../workers/package-folder.ts'
import { createAccess } from './access/access.ts'
import { installationToken } from './access/token.ts'
import { createApp } from './app.ts'
import { keepBoards } from './boards.ts'
import { serveSockets } from './live/socket.ts'
import { usualPort } from './port.ts'
import { type Running, removeRunning, writeRunning } from './running.ts'
import type { Gateway } from './types.ts'

/** How many ports after that are tried. */
const tries = 50

export interface DashboardOptions {
  readonly environment: Environment
  readonly clock: Clock
  readonly log: Log
  readonly config: () => Promise<Config>
  readonly gateway: () => Promise<Gateway | null>
  readonly program: readonly string[]
  readonly pid: number
  readonly by: Running['by']
  /** An address of this machine; without one only this machine itself can reach it. */
  readonly host?: string
  /** This one and no other; without one the usual port, or the next that is free. */
  readonly port?: number
}

export interface Dashboard {
  readonly url: string
  readonly port: number
  /** Opens the page; holds the secret. */
  readonly link: () => string
  /** Opens it once, and soon: for an argument of a program, which others on the machine can see. */
  readonly onceLink: () => string
  /** Hangs up on everybody; resolves when all is let go. */
  close(): Promise<void>
}

/** Throws `conflict` when the port is taken, `config` for an open address without names to be reached by. */
export async function serveDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { environment, clock, log, host = '127.0.0.1' } = options
  const { root } = environment
  const { config: settings } = await readDashboardConfig(root)
  if (!isLoopback(host)) refuseUnnamed(host, settings.allowed_hosts)
  const token = await installationToken(root)
  const server = createServer()
  const port = await listen(server, host, options.port)
  const hosts = isAny(host) ? settings.allowed_hosts : [...settings.allowed_hosts, host]
  const access = createAccess({ token, port, hosts })
  const boards = keepBoards(environment, clock)
  const stop = new AbortController()
  const around = surroundings({ environment, config: options.config, boards: boards.all })
  const serving = {
    ...{ environment, log, boards, access, around, signal: stop.signal },
    ...{ config: options.config, gateway: options.gateway },
    ...{ program: options.program, pid: options.pid },
    page: join(packageFolder, 'dist', 'web'),
  }
  server.on('request', getRequestListener(createApp(serving).fetch))
  const sockets = serveSockets(server, serving)
  const url = `http://${inUrl(isAny(host) ? (settings.allowed_hosts[0] ?? host) : host)}:${port}`
  const start = identityOf(options.pid) ?? ''
  await writeRunning(root, { pid: options.pid, start, url, by: options.by })
  return {
    url,
    port,
    link: () => `${url}/?token=${token()}`,
    onceLink: () => `${url}/?ticket=${access.tickets.issue()}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      stop.abort()
      sockets.close()
      server.closeIdleConnections()
      const patience = setTimeout(() => server.closeAllConnections(), 1000)
      await closed
      clearTimeout(patience)
      await boards.close()
      await removeRunning(root, url)
    },
  }
}

async function listen(server: Server, host: string, port: number | undefined): Promise<number> {
  const ports =
    port === undefined ? Array.from({ length: tries }, (_, index) => usualPort + index) : [port]
  for (const one of ports) {
    try {
      server.listen(one, host)
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE') continue
      throw new BoardError(
        'environment',
        `the dashboard cannot listen at ${host} port ${one}: ${message}`,
      )
    }
  }
  const which =
    port === undefined ? `ports ${usualPort} to ${usualPort + tries - 1} are` : `port ${port} is`
  throw new BoardError('conflict', `${which} taken at ${host}: name another one with --port`)
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host
}

/** Without names every name would have to do, and a page of another site could use one of its own. */
function refuseUnnamed(host: string, allowed: readonly string[]): void {
  if (allowed.length > 0) return
  throw new BoardError(
    'config',
    `the dashboard is not opened to others at ${host} without names: list those by which it is reached under dashboard.allowed_hosts in config.yaml`,
  )
}
