import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Environment } from '../../config.ts'
import { BoardError } from '../../model/error.ts'
import { plainPath } from '../../workers/environment.ts'
import { logFile } from '../log-file.ts'
import { launchd } from './launchd.ts'
import type { Service } from './service.ts'
import { systemd } from './systemd.ts'

/** What keeps a program going on this kind of machine. Throws `environment` where nothing is known that does. */
export function serviceOf(
  { root, home, variables }: Environment,
  program: readonly string[],
  { platform, getuid }: Pick<NodeJS.Process, 'platform' | 'getuid'>,
): Service {
  const of = {
    root,
    home,
    config: variables.XDG_CONFIG_HOME || join(home, '.config'),
    uid: getuid?.() ?? 0,
    program: lasting(program),
    path: variables.PATH ?? plainPath,
    log: logFile(root),
  }
  if (platform === 'linux') return systemd(of)
  if (platform === 'darwin') return launchd(of)
  throw new BoardError(
    'environment',
    `there is no service to install on ${platform}: start the gateway with hermes gateway start`,
  )
}

/** Under the name that is ours alone, where it is installed: another program may take over `hermes`. */
function lasting([node = '', main = '', ...rest]: readonly string[]): string[] {
  const own = join(dirname(main), 'hermes-kanban')
  const same = existsSync(own) && existsSync(main) && realpathSync(own) === realpathSync(main)
  return [node, same ? own : main, ...rest]
}
