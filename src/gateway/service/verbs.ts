import { userInfo } from 'node:os'
import { join } from 'node:path'
import { programOf } from '../../cli/program.ts'
import { configuredDatabase } from '../../config/database.ts'
import { type Environment, environment } from '../../config.ts'
import { BoardError } from '../../model/error.ts'
import { findGateway } from '../start.ts'
import { serviceOf } from './choose.ts'
import * as own from './install.ts'
import type { Service } from './service.ts'

export async function install(host: NodeJS.Process): Promise<number> {
  const facts = environment()
  const { root } = facts
  await refuseUnseen(facts)
  const { alive, state } = await findGateway(root)
  const running = alive && state?.service == null
  const user = userInfo().username
  return say(host, await own.install({ service: serviceHere(host), user, running }))
}

/** A service has an environment of its own, and would look after other boards than we see here. */
async function refuseUnseen({ root, pins }: Environment): Promise<void> {
  if (pins.database === undefined || (await configuredDatabase(root)) !== undefined) return
  throw new BoardError(
    'config',
    `HERMES_KANBAN_DB is set here, and a service would not see it: write it as kanban.database into ${join(root, 'config.yaml')}, a password into ~/.pgpass`,
  )
}

export async function uninstall(host: NodeJS.Process): Promise<number> {
  return say(host, await own.uninstall(serviceHere(host)))
}

/** Through the service that keeps it, which would start it again otherwise. */
export async function stop(host: NodeJS.Process): Promise<number> {
  const service = serviceHere(host)
  await own.must(service.stop)
  return say(host, [`The gateway is stopped through ${service.name}; workers go on`])
}

export async function restart(host: NodeJS.Process): Promise<number> {
  const service = serviceHere(host)
  await own.must(service.restart)
  return say(host, [`The gateway is started again through ${service.name}`])
}

function serviceHere(host: NodeJS.Process): Service {
  return serviceOf(environment(), programOf(host), host)
}

function say(host: NodeJS.Process, lines: readonly string[]): number {
  host.stdout.write(`${lines.join('\n')}\n`)
  return 0
}
