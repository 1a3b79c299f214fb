/** From a process that speaks the protocol to a session in which it can be told what to do. */

import {
  type ClientContext,
  type InitializeResponse,
  methods,
  type NewSessionResponse,
  PROTOCOL_VERSION,
  RequestError,
  type SessionConfigOption,
} from '@agentclientprotocol/sdk'
import pkg from '../../../../package.json' with { type: 'json' }
import { oneLine } from '../../../lib/text.ts'
import type { ServedTools } from '../../../mcp/http.ts'
import type { Prepared } from '../../prepare.ts'
import { toolServer } from './tool-server.ts'

export interface Opening {
  readonly agent: ClientContext
  readonly prepared: Prepared
  readonly tools: ServedTools
  /** For the log. */
  readonly note: (text: string) => void
}

export interface Opened {
  /** The agent's own name for it. */
  readonly id: string
  /** The one that it uses, as far as it says. */
  readonly model: string | null
}

/** What an agent that wants a login first answers, as the protocol has it. */
const authRequired = -32_000

/** Throws what the agent answers, and `Unable` for one that will not do. */
export async function openSession(opening: Opening): Promise<Opened> {
  const { agent, prepared, note } = opening
  const about = await agent.request(methods.agent.initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientInfo: { name: pkg.name, title: 'Hermes Kanban', version: pkg.version },
    // It may ask a question: then the task waits for a person. Files and terminals it has of its own.
    clientCapabilities: { elicitation: { form: {} } },
  })
  if (about.protocolVersion !== PROTOCOL_VERSION) {
    throw new Unable(
      `it speaks version ${about.protocolVersion} of the protocol, and not ${PROTOCOL_VERSION}`,
    )
  }
  const session = await signedIn(opening, about)
  const { name, version } = about.agentInfo ?? { name: prepared.runtime.title, version: '' }
  note(`session ${session.sessionId} of ${oneLine(`${name} ${version}`)}`)
  await chooseMode(opening, session)
  return { id: session.sessionId, model: await chooseModel(opening, session) }
}

/** An agent that cannot be worked with, for a reason that it does not give itself. */
export class Unable extends Error {
  override readonly name = 'Unable'
}

/** Signs in only where the agent asks for it: it may have a login of its own, which is not ours to replace. */
async function signedIn(
  { agent, prepared, tools, note }: Opening,
  about: InitializeResponse,
): Promise<NewSessionResponse> {
  const { workspace, environment, runtime } = prepared
  const wanted = { cwd: workspace, mcpServers: [toolServer(about, tools, environment)] }
  try {
    return await agent.request(methods.agent.session.new, wanted)
  } catch (error) {
    const offered = about.authMethods?.map(({ id }) => id) ?? []
    const way = runtime.session.signIn.find(
      ({ method, keys }) => offered.includes(method) && keys.some((key) => environment[key]),
    )
    const isLogin = error instanceof RequestError && error.code === authRequired
    if (!isLogin || way === undefined) throw error
    note(`signs in by ${way.method}`)
    await agent.request(methods.agent.authenticate, { methodId: way.method })
    return agent.request(methods.agent.session.new, wanted)
  }
}

async function chooseMode(
  { agent, prepared, note }: Opening,
  { sessionId, modes }: NewSessionResponse,
): Promise<void> {
  const available = modes?.availableModes.map(({ id }) => id) ?? []
  const modeId = prepared.modes.find((mode) => available.includes(mode))
  if (modeId === undefined || modeId === modes?.currentModeId) return
  await agent.request(methods.agent.session.setMode, { sessionId, modeId })
  note(`mode ${modeId}`)
}

/** Asked for only where it has no other way to be told. Resolves with the one that is in use, as far as it says. */
async function chooseModel(
  { agent, prepared, note }: Opening,
  { sessionId, configOptions }: NewSessionResponse,
): Promise<string | null> {
  const { model, runtime } = prepared
  const option = configOptions?.find(({ category }) => category === 'model')
  if (model === null || runtime.model !== undefined) {
    return model ?? (option === undefined ? null : currentOf(option))
  }
  if (option === undefined) {
    throw new Unable(`it cannot be told to use the model ${model}: it offers no choice of models`)
  }
  const known = choicesOf(option)
  const value = known.find((one) => one.value === model) ?? known.find((one) => one.name === model)
  if (value === undefined) {
    const names = known.map((one) => one.value).join(', ')
    throw new Unable(`it has no model ${model}: use one of ${names}`)
  }
  const chosen = { sessionId, configId: option.id, value: value.value }
  await agent.request(methods.agent.session.setConfigOption, chosen)
  note(`model ${value.value}`)
  return value.value
}

/** Null where that says nothing: one agent calls its own choice `default`. Another's values are no words for people. */
function currentOf(option: SessionConfigOption): string | null {
  if (option.type !== 'select' || option.currentValue === 'default') return null
  const { currentValue: value } = option
  const name = choicesOf(option).find((one) => one.value === value)?.name
  return /^[\w.:/@-]+$/.test(value) ? value : (name ?? value)
}

function choicesOf(option: SessionConfigOption): { value: string; name: string }[] {
  if (option.type !== 'select') return []
  return option.options.flatMap((one) => ('options' in one ? one.options : [one]))
}
