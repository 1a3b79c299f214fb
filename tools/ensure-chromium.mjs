// The page is tested in a real browser. This brings one where it may, else it says what to install; it never fails.
import { spawnSync } from 'node:child_process'
import { findChromium } from './chromium.mjs'

const NETWORK = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20']
const PATIENCE_MS = 300_000

if (!findChromium()) {
  console.error('Installing Chromium for the tests …')
  const asRoot = process.getuid?.() === 0 && apt('--version')
  const fromDebian =
    asRoot &&
    apt(...NETWORK, 'update') &&
    apt(...NETWORK, 'install', '-y', '--no-install-recommends', 'chromium')
  if (!fromDebian) {
    const fetch = ['node_modules/playwright-core/cli.js', 'install', 'chromium']
    spawnSync(process.execPath, fetch, {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: PATIENCE_MS,
    })
  }
  if (!findChromium()) {
    console.error(
      'The tests find no Chromium, and those of the page are skipped: install it (Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask chromium) or set CHROMIUM_PATH.',
    )
  }
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
