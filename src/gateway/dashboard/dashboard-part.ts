import { type Config, readConfig } from '../../config.ts'
import { aborted } from '../ending.ts'
import type { Part, PartStatus } from '../part.ts'
import type { GatewayOptions } from '../run.ts'
import { watchedConfig } from '../watched-config.ts'

/** The dashboard in the gateway, where `kanban.dashboard` asks for it. */
export async function dashboardParts(
  options: GatewayOptions,
  onChange: () => void,
): Promise<Part[]> {
  const asked = await isAsked(options.environment.root)
  return asked ? [dashboardPart(options, onChange)] : []
}

/** What is wrong with the file, the dispatcher says. */
async function isAsked(root: string): Promise<boolean> {
  return readConfig(root).then(
    ({ config }) => config.dashboard,
    () => false,
  )
}

function dashboardPart(options: GatewayOptions, onChange: () => void): Part {
  const { environment, log } = options
  let status: PartStatus = { state: 'starting', says: '', warning: null }

  function become(state: PartStatus['state'], says: string): void {
    status = { state, says, warning: null }
    onChange()
  }

  return {
    name: 'dashboard',
    status: () => status,
    async start(signal) {
      const [{ serveDashboard }, { gatewayFacts }] = await Promise.all([
        import('../../http/serve.ts'),
        import('./facts.ts'),
      ])
      const config: () => Promise<Config> = await watchedConfig(environment.root, log)
      const dashboard = await serveDashboard({
        ...options,
        ...{ log: log.part('dashboard'), config, by: 'gateway' },
        gateway: () => gatewayFacts(environment.root),
      })
      // Without the token: a log is no place for a secret. `hermes dashboard` prints the link.
      become('on', dashboard.url)
      await aborted(signal)
      await dashboard.close()
    },
  }
}
