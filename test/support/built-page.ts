/** The page as it is served, built anew where its source is newer. */

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const built = join('dist', 'web', 'index.html')

export function buildPage(): void {
  const sources = readdirSync('web', { recursive: true, encoding: 'utf8' })
  const newest = Math.max(...sources.map((name) => statSync(join('web', name)).mtimeMs))
  if (existsSync(built) && statSync(built).mtimeMs > newest) return
  const vite = join('node_modules', '.bin', 'vite')
  const words = ['build', 'web', '--logLevel', 'error']
  const { status, stderr } = spawnSync(vite, words, { encoding: 'utf8' })
  // Whoever tests the page will see it; the others need not.
  if (status !== 0) console.warn(`The page could not be built:\n${stderr}`)
}
