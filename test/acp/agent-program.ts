/** An agent that speaks the real protocol and does what the scene that it is started with says: well, or badly. */

import { spawn } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type AgentContext,
  agent,
  type InitializeResponse,
  methods,
  type NewSessionResponse,
  ndJsonStream,
  type PromptResponse,
  RequestError,
  type RequestPermissionResponse,
  type SessionUpdate,
} from '@agentclientprotocol/sdk'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'

interface Turn {
  readonly client: AgentContext
  /** Which prompt of the session it is, from 1 on. */
  readonly count: number
  readonly text: string
  readonly signal: AbortSignal
  tell(update: SessionUpdate): Promise<void>
  say(text: string): Promise<void>
  /** One of the board's tools, by the server that was handed over. */
  use(tool: string, input?: Record<string, unknown>): Promise<string>
}

interface Scene {
  readonly about?: Partial<InitializeResponse>
  /** Before it answers that there is a session. */
  readonly session?: () => Promise<Partial<NewSessionResponse>>
  readonly turn?: (turn: Turn) => Promise<Partial<PromptResponse>>
}

const session = 'session-1'
const never = new Promise<never>(() => {})
let server: { url: string; headers: { name: string; value: string }[] }
let turns = 0
let isSignedIn = false
let cancelled = new AbortController()

/** What it was asked, for the test to read. */
function note(what: string): void {
  appendFileSync('asked.txt', `${what}\n`)
}

const complete = { summary: 'all is done' }

const scenes: Record<string, Scene> = {
  ok: {
    turn: async ({ use, say, tell, text }) => {
      writeFileSync('brief.txt', text)
      await tell({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'Hm.' } })
      await say('I look ')
      await say('at it.')
      await tell({
        sessionUpdate: 'tool_call',
        toolCallId: 'c1',
        title: 'npm test',
        kind: 'execute',
        status: 'in_progress',
      })
      await tell({
        sessionUpdate: 'tool_call_update',
        toolCallId: 'c1',
        status: 'failed',
        content: [{ type: 'content', content: { type: 'text', text: 'one is red' } }],
      })
      await use('show')
      await use('complete', complete)
      return used({ inputTokens: 100, outputTokens: 20, cachedReadTokens: 7 })
    },
  },
  forgetful: {
    turn: async ({ count, use, say }) => {
      if (count === 1) {
        await say('I have thought about it.')
        return used({ inputTokens: 10, outputTokens: 2 })
      }
      await use('complete', complete)
      return used({ inputTokens: 30, outputTokens: 3 })
    },
  },
  unfinished: {
    turn: async ({ say, count }) => {
      await say(`I am done, for the ${count}. time.`)
      return {}
    },
  },
  refuses: { turn: async () => ({ stopReason: 'refusal' }) },
  late: {
    turn: async ({ client, use }) => {
      await use('complete', complete)
      void pause(20).then(() =>
        client.notify(methods.client.session.update, {
          sessionId: session,
          update: chunk('And a late word.'),
        }),
      )
      return {}
    },
  },
  'quota by data': { turn: fails(-32603, 'Internal error', { errorKind: 'rate_limit' }) },
  'quota by words': {
    turn: async ({ say }) => {
      await say('exceeded retry limit, last status: 429 Too Many Requests')
      return {}
    },
  },
  'quota with a time': {
    turn: fails(429, 'You have exhausted your quota. Try again in 2 hours.'),
  },
  'quota after the end': {
    turn: async ({ use }) => {
      await use('complete', complete)
      throw new RequestError(429, 'no more')
    },
  },
  'quota in silence': {
    turn: async ({ tell }) => {
      await tell({
        sessionUpdate: 'session_info_update',
        _meta: { error: { message: '429 Too Many Requests', willRetry: true } },
      })
      return never
    },
  },
  'no login': {
    session: async () => {
      throw new RequestError(-32000, 'Authentication required')
    },
  },
  'signs in': {
    about: { authMethods: [{ id: 'api-key', name: 'By key' }] },
    session: async () => {
      if (!isSignedIn) throw new RequestError(-32000, 'Authentication required')
      return {}
    },
    turn: finishes,
  },
  error: { turn: fails(-32603, 'Internal error', { details: 'the cat is on the keyboard' }) },
  'another version': { about: { protocolVersion: 99 } },
  asks: {
    turn: async ({ client, use, tell }) => {
      await tell({ sessionUpdate: 'tool_call', toolCallId: 'board', title: 'kanban-kanban_show' })
      const asked = [
        { toolCallId: 'shell', title: 'rm -rf kanban_show' },
        { toolCallId: 'board' },
        { toolCallId: 'odd', title: 'x' },
      ].map((toolCall) =>
        client.request(methods.client.session.requestPermission, {
          sessionId: session,
          toolCall,
          options:
            toolCall.toolCallId === 'odd'
              ? []
              : [
                  { optionId: 'p1', name: 'Always', kind: 'allow_always' },
                  { optionId: 'p2', name: 'Once', kind: 'allow_once' },
                  { optionId: 'p3', name: 'Never', kind: 'reject_always' },
                  { optionId: 'p4', name: 'No', kind: 'reject_once' },
                ],
        }),
      )
      for (const answer of asked) {
        const { outcome } = (await answer) as RequestPermissionResponse
        note(JSON.stringify(outcome))
      }
      await use('complete', complete)
      return {}
    },
  },
  question: {
    turn: async ({ client }) => {
      const { action } = await client.request(methods.client.elicitation.create, {
        mode: 'form',
        sessionId: session,
        message: 'How shall it look?',
        requestedSchema: {
          type: 'object',
          properties: {
            colour: { type: 'string', title: 'Which colour?', enum: ['red', 'blue'] },
            size: {
              type: 'array',
              title: 'Which sizes?',
              items: {
                anyOf: [
                  { const: 's', title: 'Small' },
                  { const: 'l', title: 'Large' },
                ],
              },
            },
          },
        },
      })
      note(action)
      return {}
    },
  },
  silent: { turn: () => never },
  tool: {
    turn: async ({ tell }) => {
      await tell({ sessionUpdate: 'tool_call', toolCallId: 'c1', title: 'make', status: 'pending' })
      return never
    },
  },
  'slow tool': {
    turn: async ({ tell, use }) => {
      await tell({ sessionUpdate: 'tool_call', toolCallId: 'c1', title: 'make' })
      await pause(5000)
      await tell({ sessionUpdate: 'tool_call_update', toolCallId: 'c1', status: 'completed' })
      await use('complete', complete)
      return {}
    },
  },
  cancellable: {
    turn: async ({ say }) => {
      await say('I begin')
      await new Promise((resolve) => cancelled.signal.addEventListener('abort', resolve))
      note('cancelled')
      return { stopReason: 'cancelled' }
    },
  },
  deaf: {
    turn: async ({ say }) => {
      await say('I begin')
      return never
    },
  },
  dies: { turn: async () => process.exit(3) },
  'hangs up': {
    turn: async () => {
      process.stdout.end()
      setInterval(() => {}, 1000)
      return never
    },
  },
  /** Its shells are in sessions of their own, as those of the real ones are. */
  shells: {
    turn: async ({ tell }) => {
      await tell({ sessionUpdate: 'tool_call', toolCallId: 'c1', title: 'wait', kind: 'execute' })
      const shell = 'sleep 300 & echo begun > begun.txt; sleep 300'
      spawn('sh', ['-c', shell], { detached: true, stdio: 'ignore' }).unref()
      return never
    },
  },
  garbage: {
    turn: async ({ client, use }) => {
      process.stdout.write('this is no JSON\n[1]\n"x"\n\n{"jsonrpc":"2.0","method":"x/y"}\n')
      await client.notify('session/update', {
        sessionId: session,
        update: { sessionUpdate: 'odd' },
      })
      await client.notify('_own/news', { a: 1 })
      await client.request('fs/read_text_file', { path: '/etc/passwd' }).catch((error) => {
        note(`fs: ${(error as RequestError).code}`)
      })
      await use('complete', complete)
      return {}
    },
  },
  modes: {
    session: async () => ({
      modes: {
        currentModeId: 'ask',
        availableModes: [
          { id: 'ask', name: 'Ask' },
          { id: 'free', name: 'Free' },
        ],
      },
      configOptions: [
        {
          id: 'which',
          name: 'Model',
          category: 'model',
          type: 'select',
          currentValue: 'small',
          options: [
            { group: 'g', name: 'G', options: [{ value: 'small', name: 'Small' }] },
            { group: 'h', name: 'H', options: [{ value: 'large-1', name: 'Large' }] },
          ] as never,
        },
      ],
    }),
    turn: finishes,
  },
  hasty: {
    turn: async ({ use, text }) => {
      note(`prompt ${text.slice(0, 3)}`)
      await use('complete', complete)
      return {}
    },
  },
  'no http': { about: { agentCapabilities: {} }, turn: async () => ({}) },
  environment: {
    turn: async ({ use }) => {
      writeFileSync('environment.json', JSON.stringify(process.env))
      writeFileSync('server.json', JSON.stringify(server))
      await use('complete', complete)
      return {}
    },
  },
}

async function finishes({ use }: Turn): Promise<Partial<PromptResponse>> {
  await use('complete', complete)
  return {}
}

function fails(code: number, message: string, data?: unknown) {
  return async (): Promise<Partial<PromptResponse>> => {
    throw new RequestError(code, message, data)
  }
}

function used(usage: Record<string, number>): Partial<PromptResponse> {
  return { usage } as Partial<PromptResponse>
}

function chunk(text: string): SessionUpdate {
  return { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } }
}

async function connected(): Promise<Client> {
  const headers = Object.fromEntries(server.headers.map(({ name, value }) => [name, value]))
  const client = new Client({ name: 'agent', version: '1' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers } }),
  )
  return client
}

let tools: Promise<Client> | undefined

async function use(tool: string, input: Record<string, unknown> = {}): Promise<string> {
  tools ??= connected()
  const { content } = await (await tools).callTool({ name: `kanban_${tool}`, arguments: input })
  const [first] = content as { text: string }[]
  return first?.text ?? ''
}

/** A profile is named after its scene. */
const name = process.argv[2]?.replaceAll('-', ' ') ?? ''
const scene = scenes[name] as Scene

const connection = agent({ name: 'scene' })
  .onRequest(methods.agent.initialize, ({ params }) => {
    note(`initialize ${JSON.stringify(params.clientCapabilities?.elicitation)}`)
    return {
      protocolVersion: 1,
      agentInfo: { name: 'scene', version: '1.2.3' },
      agentCapabilities: { mcpCapabilities: { http: true } },
      ...scene.about,
    }
  })
  .onRequest(methods.agent.authenticate, ({ params }) => {
    note(`authenticate ${params.methodId}`)
    isSignedIn = true
    return {}
  })
  .onRequest(methods.agent.session.new, async ({ params }) => {
    server = params.mcpServers[0] as unknown as typeof server
    note(`session in ${params.cwd}`)
    writeFileSync('servers.json', JSON.stringify(params.mcpServers))
    if (name === 'hasty') {
      void pause(400).then(async () => {
        note('asks for the tools')
        tools ??= connected()
        await (await tools).listTools()
      })
    }
    return { sessionId: session, ...(await scene.session?.()) }
  })
  .onRequest(methods.agent.session.setMode, ({ params }) => {
    note(`mode ${params.modeId}`)
    return {}
  })
  .onRequest(methods.agent.session.setConfigOption, ({ params }) => {
    note(`option ${params.configId} ${'value' in params ? params.value : ''}`)
    return { configOptions: [] }
  })
  .onNotification(methods.agent.session.cancel, () => cancelled.abort())
  .onRequest(methods.agent.session.prompt, async ({ params, client, signal }) => {
    cancelled = new AbortController()
    turns += 1
    note(`turn ${turns}`)
    const tell = (update: SessionUpdate) =>
      client.notify(methods.client.session.update, { sessionId: session, update })
    const [part] = params.prompt
    const text = part?.type === 'text' ? part.text : ''
    const say = (words: string) => tell(chunk(words))
    const turn = { client, count: turns, text, signal, tell, say, use }
    return { stopReason: 'end_turn', ...(await scene.turn?.(turn)) } as PromptResponse
  })
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as never))

if (name === 'deaf') {
  process.on('SIGTERM', () => {})
  setInterval(() => {}, 1000)
} else if (name !== 'hangs up') {
  void connection.closed.then(() => process.exit(0))
}
