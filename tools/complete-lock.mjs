// Puts back what npm leaves out of package-lock.json: optional platform packages that the registry at hand does not have.
// Without them `npm ci` refuses the lock, and a person on such a platform gets no binary. Run it after each change of the
// lock (`npm run lock`); it changes nothing once npm itself writes a complete lock.
import { readFileSync, writeFileSync } from 'node:fs'

/**
 * @typedef {{ version?: string, cpu?: string[], dev?: boolean, libc?: string[], optional?: boolean, os?: string[],
 *   optionalDependencies?: Record<string, string> }} Entry
 */

const LOCK = 'package-lock.json'
const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32']
const CPU = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

const lock = JSON.parse(readFileSync(LOCK, 'utf8'))
/** @type {Record<string, Entry>} */
const packages = lock.packages
const missing = Object.values(packages).flatMap(({ optionalDependencies = {}, dev }) =>
  Object.entries(optionalDependencies)
    .filter(
      ([name]) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)),
    )
    .map(
      ([name, version]) =>
        /** @type {const} */ ([`node_modules/${name}`, entry(name, version, dev)]),
    ),
)

if (missing.length > 0) {
  const all = [...Object.entries(packages), ...missing].sort(([a], [b]) => a.localeCompare(b, 'en'))
  writeFileSync(
    LOCK,
    `${JSON.stringify({ ...lock, packages: Object.fromEntries(all) }, null, 2)}\n`,
  )
}
console.log(`${missing.length} platform packages added to ${LOCK}`)

/**
 * What the name says of the platform; the hash stays unknown.
 * @param {string} name @param {string} version @param {boolean | undefined} dev @returns {Entry}
 */
function entry(name, version, dev) {
  const words = name.split(/[-/]/).map((word) => (word === 'win' ? 'win32' : word))
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : undefined
  return {
    version,
    cpu: CPU.filter((cpu) => words.includes(cpu)),
    ...(dev && { dev }),
    ...(libc && { libc }),
    optional: true,
    os: OS.filter((os) => words.includes(os)),
  }
}
