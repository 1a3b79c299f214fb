import { spawnSync } from 'node:child_process'

const NETWORK = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20']

export const PATIENCE_MS = 300_000

/** Whether this is a Debian or the like on which we may install something. */
export function mayInstall() {
  return process.getuid?.() === 0 && apt('--version')
}

/** @param {string} name */
export function install(name) {
  return (
    apt(...NETWORK, 'update') && apt(...NETWORK, 'install', '-y', '--no-install-recommends', name)
  )
}

/** @param {...string} args */
function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status } = spawnSync('apt-get', ['-q', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: PATIENCE_MS,
  })
  return status === 0
}
