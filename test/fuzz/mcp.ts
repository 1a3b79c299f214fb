/** What an agent might send to our tools, and what is no message at all: on stdio, over HTTP, and to each tool. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished } from 'vitest'
import { serveTools } from '../../src/mcp/http.ts'
import { operatorToolbox } from '../../src/mcp/operator-toolbox.ts'
import { type Tool, useTool } from '../../src/mcp/tool.ts'
import { workerToolbox } from '../../src/mcp/worker-toolbox.ts'
import { perform } from '../../src/operations/operation.ts'
import { expectInvariants } from '../board/invariants.ts'
import { working } from '../mcp/session.ts'
import { newHome } from '../operations/home.ts'
import { always, idOf, odd, type Size, type Which, which } from './odd.ts'

const names = ['writer', 'ready', 'done', 'all', '1h', '5', 'true', '', '[]', '{"a":1}', 't_']

type Arguments = Readonly<Record<string, unknown>>

/** Some of what it takes, each as it should be or as it should not. */
function argumentsFor({ binding }: Tool): fc.Arbitrary<unknown> {
  const fields = fc
    .subarray([...binding.fields])
    .chain((some) =>
      fc.record(
        Object.fromEntries(
          some.map((name) => [
            name,
            /_id$|^parents$/.test(name)
              ? fc.oneof({ weight: 5, arbitrary: which }, { weight: 1, arbitrary: odd })
              : fc.oneof(fc.constantFrom(...names), odd),
          ]),
        ),
      ),
    )
  return fc.oneof(
    { weight: 6, arbitrary: fields },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: fc.tuple(fields, odd).map(([some, more]) => ({ ...some, more })) },
  )
}

function withIds(value: unknown, ids: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value as Arguments).map(([name, one]) =>
      typeof one === 'object' && one !== null && 'nth' in one
        ? [name, idOf(one as Which, ids)]
        : [name, one],
    ),
  )
}

/** Each tool of a worker and of an operator: the answer is JSON, with what was done or with one sentence. */
export async function fuzzTools(size: Size): Promise<void> {
  const home = await newHome()
  const { context, task } = await working(home)
  const ids = [task]
  for (let n = 0; n < 7; n += 1) ids.push(await home.create(`task ${n}`, '--assignee', 'writer'))
  const users = {
    worker: { tools: workerToolbox().tools, context },
    operator: { tools: (await operatorToolbox()).tools, context: home.context() },
  }
  const calls = (['worker', 'operator'] as const).flatMap((user) =>
    users[user].tools.map((tool, nth) =>
      argumentsFor(tool).map((given) => ({ user, nth, name: tool.name, given })),
    ),
  )
  await always(fc.array(fc.oneof(...calls), { minLength: 1, maxLength: 8 }), size, async (all) => {
    for (const { user, nth, given } of all) {
      const tool = users[user].tools[nth] as Tool
      const { text, failed } = await useTool(tool, withIds(given, ids), (operation, input) =>
        perform(operation, input, users[user].context),
      )
      const answer = JSON.parse(text)
      if (!failed) continue
      expect(Object.keys(answer)).toEqual(['error'])
      expect(answer.error).toMatch(/^\S[^\n]*$/)
      expect(answer.error).not.toMatch(/failed unexpectedly|\n\s+at /)
    }
    await home.board.store.read(expectInvariants)
  })
}

const methods = [
  'tools/list',
  'tools/call',
  'initialize',
  'ping',
  'resources/read',
  '__proto__',
  '',
]

/** Something that is nearly a message, or none. */
const message: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record(
        {
          jsonrpc: fc.oneof(fc.constant('2.0'), odd),
          id: fc.oneof(fc.nat(99), odd),
          method: fc.oneof(fc.constantFrom(...methods), odd),
          params: fc.oneof(
            fc.record(
              { name: fc.oneof(fc.constant('kanban_list'), odd), arguments: odd, _meta: odd },
              { requiredKeys: [] },
            ),
            odd,
          ),
        },
        { requiredKeys: [] },
      )
      .map((value) => JSON.stringify(value)),
  },
  { weight: 1, arbitrary: odd.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom('{"jsonrpc":"2.0","id":1,"meth', '[[', '\u0000', '{}') },
)

const hello = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'fuzz', version: '1' },
}

/** `hermes kanban mcp`: whatever comes on its standard input, the next message is answered. */
export async function fuzzStdio(size: Size): Promise<void> {
  const home = await newHome()
  const main = join(import.meta.dirname, '../../src/main.ts')
  const child = spawn(process.execPath, [main, 'kanban', 'mcp', '--operator'], {
    env: { HOME: home.root, HERMES_KANBAN_HOME: home.root, PATH: process.env.PATH },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const waiting = new Map<string, (answer: unknown) => void>()
  // Not by node:readline: for that U+2028 in a text ends a line, too.
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const answer = JSON.parse(line)
      expect(answer.jsonrpc).toBe('2.0')
      waiting.get(String(answer.id))?.(answer)
    }
  })
  let asked = 0
  const ask = (method: string, params: object): Promise<unknown> => {
    asked += 1
    const id = `ours ${asked}`
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    waiting.set(id, resolve)
    child.once('exit', (code) => reject(new Error(`it has ended (${code}): ${said}`)))
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    return promise.finally(() => waiting.delete(id))
  }
  child.setMaxListeners(0)
  await ask('initialize', hello)
  await always(fc.array(message, { minLength: 1, maxLength: 20 }), size, async (all) => {
    for (const one of all) child.stdin.write(`${one.replaceAll('\n', ' ')}\n`)
    const answer = await ask('tools/call', { name: 'kanban_stats', arguments: {} })
    expect(answer).toMatchObject({ result: { content: [{ type: 'text' }] } })
  })
  child.stdin.end()
  const [code] = await once(child, 'close')
  expect({ code, said }).toEqual({ code: 0, said: '' })
}

/** The tools of a run over HTTP: never a fault of ours, and the next call is answered. */
export async function fuzzHttp(size: Size): Promise<void> {
  const home = await newHome()
  const { context } = await working(home)
  const { url, headers, close } = await serveTools(workerToolbox(), (operation, input) =>
    perform(operation, input, context),
  )
  onTestFinished(close)
  const post = async (body: string, more: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        ...headers,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        ...more,
      },
      body,
    })
    return { status: response.status, text: await response.text() }
  }
  const headed = fc.dictionary(
    fc.constantFrom('accept', 'content-type', 'mcp-protocol-version', 'mcp-session-id'),
    fc.constantFrom('', '*/*', 'text/plain', 'application/json', '2025-06-18', '1999-01-01', 'x'),
    { maxKeys: 1 },
  )
  await always(fc.tuple(message, headed), size, async ([body, more]) => {
    const { status, text } = await post(body, more)
    expect(status, text).toBeLessThan(500)
    expect(text).not.toMatch(/\n\s+at /)
    const next = await post(
      JSON.stringify({
        ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
        params: { name: 'kanban_show', arguments: {} },
      }),
    )
    expect(next).toMatchObject({ status: 200, text: expect.stringContaining('worker_context') })
  })
}
