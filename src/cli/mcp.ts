/** `hermes kanban mcp`: the board as tools for an agent, on stdin and stdout. */

import { environment, type WorkerFacts } from '../config.ts'
import { serveOnStdio } from '../mcp/stdio.ts'
import type { Ask } from '../mcp/tool.ts'
import { noTools, type Toolbox } from '../mcp/toolbox.ts'
import { BoardError } from '../model/error.ts'
import { flag } from '../operations/command/grammar.ts'
import { read } from '../operations/command/read.ts'
import { callerFor } from './caller.ts'

const flags = [
  flag('operator', '--operator', 'tools to see to the board'),
  flag('as', '--as <name>', 'the name that changes are signed with'),
]

const usage = 'hermes kanban mcp [--operator [--as <name>]] [--board <slug>]'

const help = `Usage: ${usage}

Serves the board as MCP tools on stdin and stdout, until its client hangs up. Inside a worker these are
the seven tools for its own task; elsewhere there are none, unless --operator asks for them.

Flags:
  --operator      tools to see to the board, for an agent of your own
  --as <name>     the name that its changes are signed with
  --board <slug>  the board; else the one that is pinned, or current
`

export async function mcp(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const given = read(argv, { path: [], places: [], flags }, usage)
  if (given.has('help')) {
    host.stdout.write(help)
    return 0
  }
  const text = (key: string): string | undefined => given.get(key)?.toString()
  const asked = { board: text('board'), profile: text('profile'), author: text('as') }
  const isOperator = given.get('operator') === true
  const facts = environment(host.env)
  if (isOperator && facts.worker !== undefined) {
    throw new BoardError(
      'forbidden',
      '--operator cannot be used inside a worker, which has the tools of its own task: start mcp without it',
    )
  }
  if (asked.author !== undefined && !isOperator) {
    throw new BoardError('usage', '--as is for --operator: a worker acts as its own profile')
  }
  const caller = await callerFor(facts, host)
  const ask: Ask = (operation, input) => caller.call(operation, input, asked)
  try {
    await serveOnStdio(await toolboxFor(facts.worker, isOperator), within(facts.worker, ask), host)
    return 0
  } finally {
    await caller.close()
  }
}

async function toolboxFor(worker: WorkerFacts | undefined, isOperator: boolean): Promise<Toolbox> {
  if (isOperator) return (await import('../mcp/operator-toolbox.ts')).operatorToolbox()
  if (worker === undefined) return noTools
  return (await import('../mcp/worker-toolbox.ts')).workerToolbox()
}

const ending = new Set(['complete', 'block', 'heartbeat'])

/**
 * A session that names its task but no run of ours, as other programs start one: there is nothing to
 * fence by, but its own task is still the one that is meant, and the only one that it may end.
 */
function within(worker: WorkerFacts | undefined, ask: Ask): Ask {
  if (worker === undefined || (worker.lock !== undefined && worker.runId !== undefined)) return ask
  const { task, tenant } = worker
  return async (operation, input) => {
    const given = input as { readonly task_id?: string }
    if (operation.name === 'create') return ask(operation, { tenant, ...given })
    if (!('task_id' in operation.input.shape)) return ask(operation, given)
    if (ending.has(operation.name) && (given.task_id ?? task) !== task) {
      throw new BoardError(
        'forbidden',
        `${given.task_id} is not your task: you work on ${task}; nothing was changed`,
      )
    }
    return ask(operation, { task_id: task, ...given })
  }
}
