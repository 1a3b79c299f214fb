// The page is tested in a real browser. This brings one where it may, else it says what to install; it never fails.
import { spawnSync } from 'node:child_process'
import { install, mayInstall, PATIENCE_MS } from './apt.mjs'
import { findChromium } from './chromium.mjs'

if (!findChromium()) {
  console.error('Installing Chromium for the tests …')
  if (!(mayInstall() && install('chromium'))) {
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
