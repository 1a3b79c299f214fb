import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'
import { broken, type Finding, fine, warning } from './finding.ts'

/** Older ones have a SQLite that lacks what we use. */
const oldestNode = [22, 18] as const

export function checkNode({ versions, execPath }: NodeJS.Process): Finding[] {
  const [major = 0, minor = 0] = versions.node.split('.').map(Number)
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])
  return [
    isOld
      ? broken(
          'node',
          `${versions.node} is too old`,
          `install Node ${oldestNode.join('.')} or newer`,
        )
      : fine('node', `${versions.node} (${execPath})`),
    fine('sqlite', versions.sqlite ?? 'built into Node'),
  ]
}

/** The home and what in it must be nobody else's. */
export function checkHome(root: string): Finding[] {
  const found = statSync(root, { throwIfNoEntry: false })
  if (found === undefined)
    return [fine('home', `${root} is not there yet: it is made at the first use`)]
  if (!found.isDirectory()) {
    return [broken('home', `${root} is no folder`, 'set HERMES_KANBAN_HOME to a folder of yours')]
  }
  if (!isOurs(root)) {
    return [
      broken(
        'home',
        `${root} cannot be written`,
        `make it yours, or set HERMES_KANBAN_HOME to a folder that is`,
      ),
    ]
  }
  const strangers = whoEnters(found.mode)
  const open = ['kanban.db', 'config.yaml', join('kanban', 'run')]
    .map((name) => join(root, name))
    .filter((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & strangers) !== 0)
  if (open.length === 0) return [fine('home', root)]
  return [
    warning(
      'home',
      `others on this machine can read ${open.join(', ')}`,
      `chmod go= ${open.join(' ')}`,
    ),
  ]
}

/** The rights of group and others to what is in a folder, as far as they get into it at all. */
function whoEnters(mode: number): number {
  return ((mode & 0o010) === 0 ? 0 : 0o070) | ((mode & 0o001) === 0 ? 0 : 0o007)
}

function isOurs(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
