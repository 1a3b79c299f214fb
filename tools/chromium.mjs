import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/snap/bin/chromium',
]

/** A Chromium of this machine, or the one that Playwright has fetched; undefined when there is none. */
export function findChromium() {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  const given = process.env.CHROMIUM_PATH ?? ''
  return [given, ...onPath, ...elsewhere, chromium.executablePath()].find(
    (file) => file !== '' && existsSync(file),
  )
}
