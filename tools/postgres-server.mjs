import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

const DEBIAN = '/usr/lib/postgresql'

/** The folder of PostgreSQL's server programs, from the PATH or from where Debian hides them; undefined when there are none. */
export function findServer() {
  return [...onPath(), ...debian()].find(works)
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package makes, else as nobody. */
export function unprivileged() {
  if (process.getuid?.() !== 0) return {}
  const user = spawnSync('id', ['postgres']).status === 0 ? 'postgres' : 'nobody'
  return { uid: id('-u', user), gid: id('-g', user) }
}

function onPath() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const links = folders.map((folder) => join(folder, 'initdb')).filter((file) => existsSync(file))
  return links.map((link) => dirname(realpathSync(link)))
}

function debian() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : []
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'))
}

/** @param {string} bin */
function works(bin) {
  return ['initdb', 'postgres'].every(
    (program) =>
      spawnSync(join(bin, program), ['--version'], { ...unprivileged(), cwd: '/' }).status === 0,
  )
}

/** @param {string} flag @param {string} user */
function id(flag, user) {
  return Number(execFileSync('id', [flag, user], { encoding: 'utf8' }))
}
