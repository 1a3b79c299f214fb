/** A model endpoint on loopback whose model is a script: a real server, so that real agents are driven by it. */

import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { anthropic } from './anthropic.ts'
import { gemini } from './gemini.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiResponses } from './openai-responses.ts'
import type { Json, Piece, Protocol, Reply, Request } from './protocol.ts'
import { type Answer, offered, type Script, type Turn } from './scenario.ts'

const protocols: readonly Protocol[] = [openaiChat, anthropic, openaiResponses, gemini]

export interface Endpoint {
  /**
   * The address of a script, for a protocol's own path behind it. What follows a `~` in the name only
   * keeps one conversation's count apart from another's.
   */
  url(script: string): string
  /** Every request for an answer, in order. */
  readonly asked: readonly Asked[]
  /** Resolves once there were so many of them. */
  until(count: number): Promise<void>
  close(): Promise<void>
}

export interface Asked {
  readonly script: string
  readonly protocol: string
  readonly headers: IncomingMessage['headers']
  readonly turn: Turn
}

export async function startEndpoint(scripts: Readonly<Record<string, Script>>): Promise<Endpoint> {
  const asked: Asked[] = []
  const bell = new EventEmitter()
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // A script that throws is a fault of the test, and must not look like one of the agent.
      if (!response.headersSent) response.writeHead(500, { 'x-should-retry': 'false' })
      response.end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = '', ...rest] = (request.url ?? '').split('?')[0]?.split('/') ?? []
    const path = `/${rest.join('/')}`
    const protocol = protocols.find((one) => one.path.test(path))
    const text = await bodyOf(request)
    if (protocol === undefined || request.method !== 'POST') {
      return send(response, 200, aside(path))
    }
    const wanted = protocol.read(JSON.parse(text), path)
    const turn: Turn = {
      model: wanted.model,
      system: wanted.system,
      said: wanted.said,
      tools: wanted.tools.map((tool) => tool.name),
      size: text.length,
      earlier: asked.filter((one) => one.script === name).length,
    }
    asked.push({ script: name, protocol: protocol.name, headers: request.headers, turn })
    bell.emit('asked')
    const script = scripts[name.split('~')[0] ?? '']
    if (script === undefined) throw new Error(`there is no script ${name}`)
    await give(script(turn), protocol, wanted, turn, response)
  }

  return {
    url: (script) => `http://127.0.0.1:${port}/${script}`,
    asked,
    async until(count) {
      while (asked.length < count) await once(bell, 'asked')
    },
    async close() {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

async function give(
  what: Answer,
  protocol: Protocol,
  wanted: Request,
  turn: Turn,
  response: ServerResponse,
): Promise<void> {
  if (what === 'hang') return
  if ('trouble' in what) {
    const now = Math.floor(Date.now() / 1000)
    const { status, headers, body } = protocol.refusal(what.trouble, what.retryAfter, now)
    return send(response, status, body, headers)
  }
  const reply = replyOf(what, wanted, turn)
  if (!wanted.streams) return send(response, 200, protocol.whole(reply))
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const pieces = protocol.pieces(reply)
  for (const piece of pieces.slice(0, what.breaksAfter ?? pieces.length)) {
    response.write(framed(piece))
    if (what.pause !== undefined) await pause(what.pause)
    if (response.destroyed) return
  }
  if (what.breaksAfter === undefined) response.end()
  // What was written is let out first: a connection that breaks, not one that was never there.
  else response.write(':\n', () => response.destroy())
}

function replyOf(
  { text = '', calls = [] }: Exclude<Answer, 'hang' | { trouble: unknown }>,
  { tools }: Request,
  turn: Turn,
): Reply {
  return {
    id: randomUUID(),
    model: turn.model,
    text,
    calls: calls.map((call, at) => {
      const name = offered(turn.tools, call.tool)
      const found = tools.find((tool) => tool.name === name) ?? { name }
      return { ...call, ...found, id: `call_${turn.said.length}_${at}` }
    }),
    input: Math.ceil(turn.size / 4),
    output: Math.ceil((text.length + JSON.stringify(calls).length) / 4),
  }
}

/** What agents ask besides: which models there are, how long a text is, whether anybody is there. */
function aside(path: string): Json {
  if (path.endsWith('/models')) return { object: 'list', data: [], models: [] }
  return { input_tokens: 100, totalTokens: 100 }
}

function send(response: ServerResponse, status: number, body: Json, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

function framed({ event, data }: Piece): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data)
  return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8')
  let text = ''
  for await (const part of request) text += part
  return text
}
