/** A board on which a real agent works, pointed at an endpoint of ours. */

import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Home, makeHome } from '../e2e/home.ts'
import { modes } from '../endpoint/modes.ts'
import { type Endpoint, startEndpoint } from '../endpoint/server.ts'
import { install } from './install.ts'
import type { Program } from './programs.ts'

export interface Driven {
  readonly home: Home
  readonly endpoint: Endpoint
  /** What its worker was given besides what every worker is. */
  readonly env: Readonly<Record<string, string>>
  /** Makes a task for it, and starts the gateway. */
  readonly begin: () => Promise<string>
}

export interface DrivenOptions {
  /** Lines of the root's `kanban:`. */
  readonly config?: string
  readonly settings?: Readonly<Record<string, unknown>>
}

/** The profile `worker` of that program, whose model is this script. */
export async function drive(
  program: Program,
  mode: keyof typeof modes,
  { config = '', settings = {} }: DrivenOptions = {},
): Promise<Driven> {
  const bin = await install(program)
  const endpoint = await startEndpoint(modes)
  onTestFinished(() => endpoint.close())
  const home = await makeHome(config)
  const own = join(home.root, 'home of the agent')
  const url = endpoint.url(mode)
  await mkdir(own)
  for (const [name, text] of Object.entries(program.files?.(url) ?? {})) {
    await mkdir(dirname(join(own, name)), { recursive: true })
    await writeFile(join(own, name), text)
  }
  const env = { ...program.env(url, own), HOME: own, PATH: `${bin}:${process.env.PATH}` }
  const { runtime, model } = program
  const kanban = { runtime, env, ...(model === undefined ? {} : { model }), ...settings }
  const folder = join(home.root, 'profiles', 'worker')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'config.yaml'), JSON.stringify({ kanban }))
  return {
    home,
    endpoint,
    env,
    async begin() {
      const task = await home.create('do it', '--assignee', 'worker', '--max-retries', '1')
      await home.gateway()
      return task
    },
  }
}
