import { existsSync, readFileSync } from 'node:fs'

/** What workers have noted in a file, one thing a line; nothing where there is none. */
export function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
}
