import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonIn } from '../lib/json.ts'
import { identityOf } from '../lib/process.ts'

/**
 * Why we must not dispatch: the gateway of Hermes Agent is alive on the same home and dispatches it.
 * Undefined when nothing is known of one. It is known by its own key, `kanban.dispatch_in_gateway`,
 * which is on unless it says otherwise.
 */
export async function otherEdition(root: string): Promise<string | undefined> {
  const pid = await otherGateway(root)
  if (pid === undefined || !(await itDispatches(root))) return undefined
  return `process ${pid}, the gateway of Hermes Agent, dispatches this home: stop it, or set kanban.dispatch_in_gateway to false for it in config.yaml and start it again`
}

/**
 * The process of Hermes Agent's gateway on the same home, known by `gateway.pid` in the root (a number,
 * or JSON with `pid`), and by a command line that names hermes and a gateway and is not ours.
 */
export async function otherGateway(root: string): Promise<number | undefined> {
  const pid = pidIn(await readFile(join(root, 'gateway.pid'), 'utf8').catch(() => ''))
  if (pid === undefined || identityOf(pid) === undefined) return undefined
  const command = await commandOf(pid)
  if (!/hermes/i.test(command) || !/gateway/i.test(command)) return undefined
  return /hermes-kanban/.test(command) ? undefined : pid
}

function pidIn(text: string): number | undefined {
  const said = jsonIn(text)
  const pid = typeof said === 'object' && said !== null && 'pid' in said ? said.pid : said
  return Number.isSafeInteger(pid) && Number(pid) > 1 ? Number(pid) : undefined
}

/** Empty when it cannot be seen. */
async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return words.replaceAll('\0', ' ')
  }
  return new Promise((resolve) => {
    execFile('/bin/ps', ['-o', 'command=', '-p', String(pid)], (_, said) => resolve(said))
  })
}

async function itDispatches(root: string): Promise<boolean> {
  const source = await readFile(join(root, 'config.yaml'), 'utf8').catch(() => '')
  const { parse } = await import('yaml')
  try {
    return parse(source)?.kanban?.dispatch_in_gateway !== false
  } catch {
    return true
  }
}
