/** What the gateway was given for its workers, looked for wherever it has no business. */

import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { allOver, makeHome } from '../e2e/home.ts'
import { modes } from '../endpoint/modes.ts'
import { startEndpoint } from '../endpoint/server.ts'

const key = 'key-of-the-model-4f1d'
const token = 'token-of-the-profile-77aa'

/** Every file of a folder in which one of them is, by its path. */
async function filesWith(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const found = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const text = await readFile(join(parentPath, name), 'latin1').catch(() => '')
      return text.includes(key) || text.includes(token) ? [join(parentPath, name)] : []
    }),
  )
  return found.flat()
}

/** Every command line of this machine in which one of them is. */
function argumentsWith(): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map(commandLine)
    .filter((words) => words.includes(key) || words.includes(token))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

test.skipIf(process.platform !== 'linux')(
  'what opens a model or a service is used, and in no file, no row and no argument',
  async () => {
    vi.stubEnv('BOX_KEY', key)
    vi.stubEnv('SERVICE_TOKEN', token)
    onTestFinished(() => void vi.unstubAllEnvs())
    const endpoint = await startEndpoint(modes)
    onTestFinished(() => endpoint.close())
    const home = await makeHome(
      `  providers: { box: { base_url: "${endpoint.url('slow')}/v1", key: BOX_KEY } }\n`,
    )
    const folder = join(home.root, 'profiles', 'painter')
    await mkdir(folder, { recursive: true })
    const env = { SERVICE: `\${SERVICE_TOKEN}` }
    const kanban = { runtime: 'agent', model: 'box/m', env }
    await writeFile(join(folder, 'config.yaml'), JSON.stringify({ kanban }))
    const task = await home.create('paint it', '--assignee', 'painter')
    await home.gateway()
    await endpoint.until(1)
    expect(endpoint.asked[0]?.headers.authorization).toBe(`Bearer ${key}`)
    expect(await filesWith(home.root)).toEqual([])
    expect(argumentsWith()).toEqual([])
    await home.comes(task, 'done')
    await allOver(home)
    expect(await filesWith(home.root)).toEqual([])
  },
)
