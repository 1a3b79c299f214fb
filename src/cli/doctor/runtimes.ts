/** Which agents are here, in which version, and whether they could log in. */

import { execFile } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Environment } from '../../config.ts'
import { messageOf } from '../../lib/thrown.ts'
import { surroundingsOf } from '../../workers/profile-book.ts'
import { listProfiles } from '../../workers/profile-paths.ts'
import { loadProfile, type Profile } from '../../workers/profiles.ts'
import { locate, onPath } from '../../workers/runtimes/locate.ts'
import type { Runtime } from '../../workers/runtimes/runtime.ts'
import { runtimeNameOf } from '../../workers/runtimes.ts'
import { type Finding, fine, warning } from './finding.ts'

/** A program that takes longer to say its version would keep somebody waiting. */
const patienceMs = 5_000

export async function checkRuntimes(facts: Environment): Promise<Finding[]> {
  const { root, variables } = facts
  const { runtimes } = await surroundingsOf(root, variables)
  const profiles = await readable(root)
  const found = runtimes.map((runtime) => {
    const users = profiles.filter((one) => runtimeNameOf(one) === runtime.name)
    return checkRuntime(runtime, users, facts).catch((error: unknown) => unknown(runtime, error))
  })
  return Promise.all(found)
}

/** What stands in the way of one says nothing about the others. */
function unknown({ name }: Runtime, error: unknown): Finding {
  const says = `cannot be looked at: ${messageOf(error)}`
  return warning(`runtime ${name}`, says, 'look at its program yourself')
}

/** One that cannot be read is a finding of its own. */
async function readable(root: string): Promise<Profile[]> {
  const all = listProfiles(root).map((name) => loadProfile(root, name).catch(() => []))
  return (await Promise.all(all)).flat()
}

async function checkRuntime(
  runtime: Runtime,
  users: readonly Profile[],
  facts: Environment,
): Promise<Finding> {
  const { name, program, about } = runtime
  const what = `runtime ${name}`
  if (program === 'profile') return fine(what, 'runs whatever a profile names')
  if (program === 'this') return fine(what, 'comes with this program')
  const path = facts.variables.PATH ?? ''
  const file = locate(program, facts.root, path)
  if (file === undefined) {
    const { companion } = about
    if (companion === undefined || onPath(companion, path) === undefined) {
      return users.length === 0
        ? fine(what, 'not installed, and no profile uses it')
        : warning(what, `not installed, and ${namesOf(users)} would need it`, about.install)
    }
    const missing = program.programs.join(' or ')
    return warning(
      what,
      `${companion} is here, but not ${missing}, by which it is driven`,
      about.install,
    )
  }
  const version = await versionOf(file, facts)
  if (version === undefined) {
    return warning(what, `${file} does not say its version`, `run ${file} --version yourself`)
  }
  const says = `${file}, ${version}${tried(version, about.tested)}`
  if (isOlder(version, about.tested)) return warning(what, says, about.install)
  const login = loginOf(runtime, users, facts)
  if (login !== undefined) return fine(what, `${says}, ${login}`)
  if (users.length === 0) return fine(what, `${says}, no login found`)
  return warning(
    what,
    `${says}, and no login was found, which ${namesOf(users)} would need`,
    `${about.login}; where it keeps its login elsewhere, there is nothing to do`,
  )
}

function namesOf(users: readonly Profile[]): string {
  return users.map((user) => user.name).join(', ')
}

/** As its package says, without starting it; else the first thing in what it prints that looks like one. */
async function versionOf(file: string, facts: Environment): Promise<string | undefined> {
  return packagedVersion(realpathSync(file)) ?? (await saidVersion(file, facts))
}

function packagedVersion(file: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    if (!existsSync(path)) continue
    try {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8'))
      // A folder inside a package may have one that only says how its files are to be read.
      if (typeof name === 'string' && typeof version === 'string') return version
    } catch {
      return undefined
    }
  }
  return undefined
}

function saidVersion(file: string, { variables }: Environment): Promise<string | undefined> {
  return new Promise((resolve) => {
    const { PATH, HOME } = variables
    const options = { timeout: patienceMs, killSignal: 'SIGKILL', env: { PATH, HOME } } as const
    const child = execFile(file, ['--version'], options, (_error, out, err) => {
      resolve(/\d+\.\d+(?:\.\d+)?(?:[-.]?[a-z]+[\w.]*)?/i.exec(`${out}\n${err}`)?.[0])
    })
    child.stdin?.end()
  })
}

function tried(version: string, tested: string | undefined): string {
  if (tested === undefined) return ' (not tried with it)'
  if (version === tested) return ' (tested)'
  return isOlder(version, tested)
    ? ` (older than ${tested}, and nothing older was tried)`
    : ` (${tested} was tested)`
}

/** By the numbers of which they are made. */
export function isOlder(version: string, than: string | undefined): boolean {
  if (than === undefined) return false
  const [own, other] = [numbers(version), numbers(than)]
  const at = other.findIndex((number, index) => number !== (own[index] ?? 0))
  return at >= 0 && (own[at] ?? 0) < (other[at] ?? 0)
}

function numbers(version: string): number[] {
  return (version.match(/\d+/g) ?? []).slice(0, 3).map(Number)
}

/** What would let it in, as far as it can be seen from here: its own store may be a keychain. */
function loginOf(
  { keys, about }: Runtime,
  users: readonly Profile[],
  { home, variables }: Environment,
): string | undefined {
  const isKey = (name: string): boolean => /KEY|TOKEN|AUTH|BASE_URL/.test(name)
  const key = keys.find((name) => isKey(name) && variables[name]?.trim())
  if (key !== undefined) return `${key} is set`
  const file = about.credentials.find((path) => existsSync(join(home, path)))
  if (file !== undefined) return `its login is in ~/${file}`
  const all = users.length > 0 && users.every(({ env }) => Object.keys(env).some(isKey))
  return all ? 'its profiles set a key' : undefined
}
