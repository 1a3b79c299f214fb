import { userInfo } from 'node:os'
import { programOf } from '../../cli/program.ts'
import { environment } from '../../config.ts'
import { findGateway } from '../start.ts'
import { serviceOf } from './choose.ts'
import * as own from './install.ts'
import type { Service } from './service.ts'

export async function install(host: NodeJS.Process): Promise<number> {
  const { root } = environment()
  const { alive, state } = await findGateway(root)
  const running = alive && state?.service == null
  const user = userInfo().username
  return say(host, await own.install({ service: serviceHere(host), user, running }))
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
