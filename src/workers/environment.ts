/** The environment of a worker: built from a list of what it may have, never a copy of ours. */

import type { ProfileSettings } from '../config/profile.ts'
import { isOff, isUrl, type Variables } from '../config.ts'
import { BoardError } from '../model/error.ts'

/** Where a worker finds itself, its network and its language; nothing that opens a door. */
const inherited = new RegExp(
  `^(${[
    'HOME|USER|LOGNAME|SHELL|TMPDIR|TZ|LANG|LANGUAGE|LC_[A-Z]+|XDG_[A-Z_]+|SSH_AUTH_SOCK',
    '(?:https?|all|no)_proxy|(?:HTTPS?|ALL|NO)_PROXY',
    'SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GIT_SSL_CAINFO',
  ].join('|')})$`,
)

/** Where POSIX has its programs, for when we were started without a PATH. */
export const plainPath = '/usr/local/bin:/usr/bin:/bin'

export interface WorkerOf {
  readonly root: string
  /** Our own environment. */
  readonly variables: Variables
  readonly profile: ProfileSettings & { readonly name: string; readonly folder: string }
  /** What its runtime needs of ours, and what makes it behave. */
  readonly runtime: {
    readonly keys: readonly string[]
    readonly flags: readonly string[]
    readonly env: Readonly<Record<string, string>>
  }
  /** The folder that holds `hermes` and `hermes-kanban`. */
  readonly bin: string
  readonly board: { readonly slug: string; readonly database: string; readonly workspaces: string }
  readonly task: {
    readonly id: string
    readonly tenant: string | null
    readonly branch: string | null
  }
  readonly run: { readonly id: number; readonly lock: string; readonly workspace: string }
  /** Where the runner serves the worker's operations. */
  readonly socket: string | null
  /** The file in which the worker may tell its runner what it used up. */
  readonly report: string | null
}

/** Throws `config` when the profile asks for a variable that we do not have. */
export function workerEnvironment(of: WorkerOf): Record<string, string> {
  const { root, variables, profile, runtime, bin, board, task, run, socket, report } = of
  const env = {
    ...allowed(variables, runtime.keys),
    ...raised(variables, runtime.flags),
    ...runtime.env,
    ...expandVariables(profile, variables),
  }
  const path = env.PATH ?? variables.PATH ?? plainPath
  return defined({
    ...env,
    PATH: `${bin}:${path}`,
    HERMES_HOME: profile.folder,
    // A profile's folder names its root only where the root lies in no other Hermes home.
    HERMES_KANBAN_HOME: root,
    HERMES_PROFILE: profile.name,
    HERMES_TENANT: task.tenant,
    HERMES_KANBAN_TASK: task.id,
    HERMES_KANBAN_WORKSPACE: run.workspace,
    HERMES_KANBAN_BRANCH: task.branch,
    // A URL holds a password and opens every task: such a board is reached through the socket alone.
    HERMES_KANBAN_DB: isUrl(board.database) ? null : board.database,
    HERMES_KANBAN_BOARD: board.slug,
    HERMES_KANBAN_WORKSPACES_ROOT: board.workspaces,
    HERMES_KANBAN_RUN_ID: String(run.id),
    HERMES_KANBAN_CLAIM_LOCK: run.lock,
    HERMES_KANBAN_SOCKET: socket,
    HERMES_KANBAN_REPORT: report,
  })
}

/** The profile's own variables, `${NAME}` replaced. Throws `config` naming all that are missing, and no value. */
export function expandVariables(
  { env, name }: ProfileSettings & { readonly name: string },
  variables: Variables,
): Record<string, string> {
  const missing = new Set<string>()
  const expand = (value: string): string =>
    value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, wanted: string) => {
      const found = variables[wanted]
      if (found === undefined) missing.add(wanted)
      return found ?? ''
    })
  const own = Object.entries(env).map(([key, value]) => [key, expand(value)])
  if (missing.size === 0) return Object.fromEntries(own)
  throw new BoardError(
    'config',
    `kanban.env of ${name} takes ${[...missing].join(', ')} from our environment, where it is not set: set it for the program that starts workers, or take it out`,
  )
}

function allowed(variables: Variables, keys: readonly string[]): Record<string, string> {
  const some = Object.entries(variables).filter(
    ([key]) => inherited.test(key) || keys.includes(key),
  )
  return defined(Object.fromEntries(some))
}

function raised(variables: Variables, flags: readonly string[]): Record<string, string> {
  const isOn = (name: string): boolean => !isOff(variables[name] ?? 'off')
  return Object.fromEntries(flags.filter(isOn).map((name) => [name, '1']))
}

function defined(all: Record<string, string | null | undefined>): Record<string, string> {
  const set = Object.entries(all).filter((entry): entry is [string, string] => entry[1] != null)
  return Object.fromEntries(set)
}
