/** The program on a home, as people and services use it: real profiles, real commands, a real gateway. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { onTestFinished, vi } from 'vitest'

const main = resolve('src/main.ts')

// Dozens of processes, each of which takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Gateway {
  readonly pid: number
  readonly log: () => string
  /** Resolves when it is gone. */
  end(signal: NodeJS.Signals): Promise<void>
}

export interface Installed {
  /** `hermes <words>` to its end. */
  hermes(...words: string[]): Promise<Ran>
  /** `hermes <words>`, whatever becomes of it. */
  begin(...words: string[]): ChildProcess
  /** A profile whose workers run this shell script. */
  profile(name: string, script: string, more?: string): Promise<void>
  /** Starts one, and waits until it dispatches. */
  gateway(): Promise<Gateway>
}

/** Gateways that the test leaves are killed when it is over. */
export function installedIn(root: string): Installed {
  const env = { ...process.env, HERMES_KANBAN_HOME: root, NO_COLOR: '1' }
  const start = (...words: string[]) =>
    spawn(process.execPath, [main, ...words], { env, cwd: root })
  const gateways = new Set<ChildProcess>()
  onTestFinished(() => {
    for (const gateway of gateways) gateway.kill('SIGKILL')
  })
  return {
    async hermes(...words) {
      const child = start(...words)
      const [out, err] = [textOf(child.stdout), textOf(child.stderr)]
      const [code] = await once(child, 'close')
      return { code, out: out(), err: err() }
    },
    begin: (...words) =>
      spawn(process.execPath, [main, ...words], { env, cwd: root, stdio: 'ignore' }),
    async profile(name, script, more = '') {
      const folder = join(root, 'profiles', name)
      await mkdir(folder, { recursive: true })
      const file = join(folder, 'work.sh')
      await writeFile(file, script)
      const command = JSON.stringify(['/bin/sh', file])
      await writeFile(join(folder, 'config.yaml'), `kanban:\n  command: ${command}\n${more}`)
    },
    async gateway() {
      const child = start('gateway', 'run')
      gateways.add(child)
      const log = textOf(child.stderr)
      const gone = once(child, 'exit')
      await new Promise<void>((begun, reject) => {
        child.stderr.on('data', () => log().includes('dispatching') && begun())
        child.once('exit', () => reject(new Error(log())))
      })
      return {
        pid: child.pid ?? 0,
        log,
        async end(signal) {
          child.kill(signal)
          await gone
        },
      }
    },
  }
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8')
  stream.on('data', (part: string) => {
    text += part
  })
  return () => text
}
