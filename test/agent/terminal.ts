/** `hermes chat` in a real terminal, and hands at its keyboard. */

import { resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { spawn } from '@lydell/node-pty'
import { onTestFinished } from 'vitest'
import type { Home } from '../operations/home.ts'

const main = resolve('src/main.ts')

export interface Terminal {
  /** All that came, as a person would read it. */
  text(): string
  /** All that came. */
  raw(): string
  type(keys: string): void
  /** Resolves once this has come after what was seen before. */
  sees(text: string): Promise<void>
  readonly ended: Promise<number>
}

export const keys = { enter: '\r', tab: '\t', up: '\x1b[A', ctrlC: '\x03', ctrlD: '\x04' } as const

export function terminal(
  { root }: Home,
  cwd: string,
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Terminal {
  const pty = spawn(process.execPath, [main, 'chat', ...argv], {
    name: 'xterm-256color',
    cols: 60,
    rows: 30,
    cwd,
    env: {
      HOME: root,
      HERMES_KANBAN_HOME: root,
      PATH: process.env.PATH ?? '',
      TERM: 'xterm-256color',
      LOCAL_KEY: 'a-key-of-the-model',
      ...env,
    },
  })
  let raw = ''
  let seen = 0
  const waiting = new Set<() => void>()
  pty.onData((data) => {
    raw += data
    for (const look of waiting) look()
  })
  const { promise: ended, resolve: end } = Promise.withResolvers<number>()
  let isOver = false
  pty.onExit(({ exitCode }) => {
    isOver = true
    for (const look of waiting) look()
    end(exitCode)
  })
  onTestFinished(() => {
    if (!isOver) pty.kill('SIGKILL')
  })
  const text = (): string => stripVTControlCharacters(raw).replaceAll('\r', '')
  return {
    text,
    raw: () => raw,
    type: (typed) => pty.write(typed),
    sees: (wanted) =>
      new Promise((found, failed) => {
        const look = (): void => {
          const at = text().indexOf(wanted, seen)
          if (at >= 0) {
            seen = at + wanted.length
            waiting.delete(look)
            found()
          } else if (isOver) {
            failed(new Error(`it ended before it showed ${wanted}: ${text()}`))
          }
        }
        waiting.add(look)
        look()
      }),
    ended,
  }
}
