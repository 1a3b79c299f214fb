/** What this program is told by its environment and by config.yaml. Nothing else reads `process.env`. */

import { homedir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { DashboardSettings } from './config/dashboard.ts'
import type { GatewaySettings } from './config/gateway.ts'
import type { Config } from './config/settings.ts'
import { BoardError } from './model/error.ts'

export type { GatewaySettings } from './config/gateway.ts'
export type { Config } from './config/settings.ts'

export type Variables = Readonly<Record<string, string | undefined>>

export interface Environment {
  /** The folder of everything: boards, profiles, config.yaml. Absolute. */
  readonly root: string
  /** The home folder of the user, for `~`. */
  readonly home: string
  readonly pins: {
    /** A path, or a `postgres://` URL. */
    readonly database: string | undefined
    readonly board: string | undefined
    readonly workspacesRoot: string | undefined
  }
  /** Who acts, as a profile. */
  readonly profile: string | undefined
  /** Set inside a worker. */
  readonly worker: WorkerFacts | undefined
  /** Seconds. */
  readonly claimTtl: number | undefined
  readonly dispatchInGateway: boolean
  readonly debug: boolean
  readonly noColor: boolean
  /** As they were given, for what a worker inherits and for `${NAME}`. Holds secrets: never shown. */
  readonly variables: Variables
}

/** What a worker knows of its run. */
export interface WorkerFacts {
  readonly task: string
  readonly runId: number | undefined
  readonly lock: string | undefined
  readonly workspace: string | undefined
  readonly branch: string | undefined
  readonly tenant: string | undefined
  readonly socket: string | undefined
  /** The file in which it tells its runner what it used up. */
  readonly report: string | undefined
}

/** Blank variables count as not set. Throws `environment` for a value that means nothing. */
export function environment(env: Variables = process.env): Environment {
  const given = (name: string): string | undefined => env[name]?.trim() || undefined
  const home = given('HOME') ?? homedir()
  const path = (name: string): string | undefined => {
    const value = given(name)
    return value && resolve(expandHome(value, home))
  }
  const database = given('HERMES_KANBAN_DB')
  return {
    root: path('HERMES_KANBAN_HOME') ?? rootOf(path('HERMES_HOME'), join(home, '.hermes')),
    home,
    pins: {
      database: database && isUrl(database) ? database : path('HERMES_KANBAN_DB'),
      board: given('HERMES_KANBAN_BOARD'),
      workspacesRoot: path('HERMES_KANBAN_WORKSPACES_ROOT'),
    },
    profile: given('HERMES_PROFILE')?.toLowerCase(),
    worker: workerFacts(given),
    claimTtl: wholeNumber(given, 'HERMES_KANBAN_CLAIM_TTL_SECONDS'),
    dispatchInGateway: !isOff(given('HERMES_KANBAN_DISPATCH_IN_GATEWAY') ?? 'on'),
    debug: !isOff(given('HERMES_DEBUG') ?? 'off'),
    noColor: given('NO_COLOR') !== undefined,
    variables: env,
  }
}

/** `~` and `~/…` in the home folder; anything else as it is. */
export function expandHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path
}

/** What makes a process a worker. A program that starts workers drops it from its own environment first. */
export const workerVariables = [
  'HERMES_KANBAN_TASK',
  'HERMES_KANBAN_RUN_ID',
  'HERMES_KANBAN_CLAIM_LOCK',
  'HERMES_KANBAN_WORKSPACE',
  'HERMES_KANBAN_BRANCH',
  'HERMES_KANBAN_SOCKET',
  'HERMES_KANBAN_REPORT',
  'HERMES_TENANT',
  'HERMES_PROFILE',
] as const

/** What a worker is given that anybody may set, and means its own board alone. */
const workerPins = [
  'HERMES_KANBAN_DB',
  'HERMES_KANBAN_BOARD',
  'HERMES_KANBAN_WORKSPACES_ROOT',
] as const

/**
 * For gateway and runner, at their start: no process of theirs is taken for a part of somebody's run,
 * and none keeps to the board of the worker that started it.
 */
export function dropWorkerVariables(env: Record<string, string | undefined> = process.env): void {
  if (env.HERMES_KANBAN_TASK?.trim()) for (const name of workerPins) delete env[name]
  for (const name of workerVariables) delete env[name]
}

/** config.yaml of the root. All default when there is none; throws `config` naming every fault at once. */
export async function readConfig(
  root: string,
): Promise<{ config: Config; warnings: readonly string[] }> {
  // Most commands never ask; making the schemas takes 4 ms, a fifth of a start of Node.
  const [{ readKanban }, { profileSettings }, { foreignSettings, settings }] = await Promise.all([
    import('./config/file.ts'),
    import('./config/profile.ts'),
    import('./config/settings.ts'),
  ])
  const file = join(root, 'config.yaml')
  const alsoKnown = [...Object.keys(profileSettings.shape), ...foreignSettings]
  const { value, warnings } = await readKanban(file, settings, alsoKnown)
  return { config: value, warnings }
}

/**
 * The database that is named in place of the home's own files, a path or a `postgres://` URL: by
 * `HERMES_KANBAN_DB`, else by `kanban.database`. Undefined when nothing names one. Throws `config`.
 */
export async function namedDatabase({
  root,
  home,
  pins,
}: Environment): Promise<string | undefined> {
  if (pins.database !== undefined) return pins.database
  const { configuredDatabase } = await import('./config/database.ts')
  const named = await configuredDatabase(root)
  if (named === undefined || isUrl(named)) return named
  return resolve(root, expandHome(named, home))
}

/** `gateway:` of the same file, as `readConfig` has `kanban:`. */
export async function readGatewayConfig(
  root: string,
): Promise<{ config: GatewaySettings; warnings: readonly string[] }> {
  const { readGateway } = await import('./config/gateway.ts')
  const { value, warnings } = await readGateway(root)
  return { config: value, warnings }
}

/** `dashboard:` of the same file. */
export async function readDashboardConfig(
  root: string,
): Promise<{ config: DashboardSettings; warnings: readonly string[] }> {
  const { readDashboard } = await import('./config/dashboard.ts')
  const { value, warnings } = await readDashboard(root)
  return { config: value, warnings }
}

/**
 * What is to be kept secret: our environment, and behind it `.env` of the root. Throws `config` when that
 * can be read by others, unless it is only asked which there are.
 */
export async function readSecrets(
  { root, variables }: Environment,
  how: { readonly onlyNames?: boolean } = {},
): Promise<Variables> {
  const { readEnvFile } = await import('./config/env-file.ts')
  const given = Object.entries(variables).filter(([, value]) => value?.trim())
  return { ...(await readEnvFile(root, how)), ...Object.fromEntries(given) }
}

/** `HERMES_HOME` may name the root, a profile of it, or anything inside `~/.hermes`. */
function rootOf(hermesHome: string | undefined, usual: string): string {
  if (hermesHome === undefined || isInside(usual, hermesHome)) return usual
  const above = dirname(hermesHome)
  return basename(above) === 'profiles' ? dirname(above) : hermesHome
}

function isInside(folder: string, path: string): boolean {
  return relative(folder, path).split('/')[0] !== '..'
}

function workerFacts(given: (name: string) => string | undefined): WorkerFacts | undefined {
  const task = given('HERMES_KANBAN_TASK')
  if (task === undefined) return undefined
  return {
    task,
    runId: wholeNumber(given, 'HERMES_KANBAN_RUN_ID'),
    lock: given('HERMES_KANBAN_CLAIM_LOCK'),
    workspace: given('HERMES_KANBAN_WORKSPACE'),
    branch: given('HERMES_KANBAN_BRANCH'),
    tenant: given('HERMES_TENANT'),
    socket: given('HERMES_KANBAN_SOCKET'),
    report: given('HERMES_KANBAN_REPORT'),
  }
}

function wholeNumber(
  given: (name: string) => string | undefined,
  name: string,
): number | undefined {
  const text = given(name)
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new BoardError(
    'environment',
    `${name} must be a whole number, 1 or more: correct or unset it`,
  )
}

/** How people say no. */
export function isOff(text: string): boolean {
  return ['', '0', 'false', 'no', 'off'].includes(text.trim().toLowerCase())
}

/** Whether a database is one of PostgreSQL, which machines can share, and no file. */
export function isUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text)
}
