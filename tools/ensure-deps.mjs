// Runs before the scripts of package.json: plain JavaScript, because in a fresh clone it runs on the system's Node.
import { spawnSync } from 'node:child_process'
import { lstatSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const LOCK = '.ensure-deps.lock'
/** A holder's pid may have gone to another program. */
const STALE_MS = 15 * 60_000
const shell = process.platform === 'win32'

if (!installed()) await alone(install)
requireNode24()

/** Whether node_modules holds what package-lock.json says. npm writes the list that we compare as its very last step. */
function installed() {
  const wanted = packages('package-lock.json')
  const present = packages('node_modules/.package-lock.json')
  return Object.entries(wanted).every(([path, { version, link, optional }]) => {
    if (path === '' || link) return true
    return path in present ? present[path]?.version === version : optional
  })
}

/** @param {string} file @returns {Record<string, { version?: string, link?: boolean, optional?: boolean }>} */
function packages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return {}
  }
}

/**
 * Not `npm ci`: it refuses a lock that lacks an optional package of another platform (a registry without it leaves it
 * out), and it empties node_modules under the feet of programs that run from it. --no-save leaves the lock as it is.
 */
function install() {
  if (installed()) return
  const flags = ['--no-save', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error']
  const npm = spawnSync('npm', ['install', ...flags], { stdio: ['ignore', 2, 2], shell })
  if (npm.status !== 0) fail('npm install failed: see above.')
  if (!installed())
    fail('npm install left another tree than package-lock.json describes: remove node_modules.')
}

/**
 * One installation at a time in this clone.
 * @param {() => void} body
 */
async function alone(body) {
  for (let waited = 0; !take(); waited++) {
    if (waited === 5) console.error('Waiting for another npm install in this folder …')
    await pause(200)
  }
  process.once('exit', () => rmSync(LOCK, { force: true }))
  body()
}

/** A symbolic link is made together with its content, the holder's pid. */
function take() {
  try {
    symlinkSync(String(process.pid), LOCK)
    return true
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  if (!held()) rmSync(LOCK, { force: true })
  return false
}

function held() {
  try {
    if (Date.now() - lstatSync(LOCK).mtimeMs > STALE_MS) return false
    process.kill(Number(readlinkSync(LOCK)), 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** Without its platform package (another platform, --omit=optional) every script would go on with the system's Node, silently. */
function requireNode24() {
  const PATH = `${resolve('node_modules/.bin')}${delimiter}${process.env.PATH}`
  const env = { ...process.env, PATH }
  const version = spawnSync('node', ['--version'], { env, encoding: 'utf8', shell }).stdout?.trim()
  if (version?.startsWith('v24.')) return
  fail(
    `The scripts of this repository run on Node 24, but would get ${version}: run npm install --include=optional, or put a Node 24 on the PATH.`,
  )
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code
}

/** @param {string} sentence @returns {never} */
function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}
