// The tests run against a real PostgreSQL. This brings its programs where it may, else it says what to install; it never fails.
import { spawnSync } from 'node:child_process'
import { findServer } from './postgres-server.mjs'

const NETWORK = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20']

if (!findServer()) {
  if (process.getuid?.() === 0 && apt('--version')) {
    console.error('Installing PostgreSQL for the tests …')
    if (apt(...NETWORK, 'update'))
      apt(...NETWORK, 'install', '-y', '--no-install-recommends', 'postgresql')
  }
  if (!findServer()) {
    console.error(
      'The tests find no PostgreSQL: install the package "postgresql" (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql) or put its initdb on the PATH.',
    )
  }
}

/** @param {...string} args */
function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status } = spawnSync('apt-get', ['-q', ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
  })
  return status === 0
}
