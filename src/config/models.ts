/** Models and where they are served: what `kanban.model`, `kanban.providers` and `kanban.models` mean together. */

import { z } from 'zod'
import { nearest } from '../lib/nearest.ts'
import { BoardError } from '../model/error.ts'
import { choice, line, number, optional, whole } from './values.ts'

type Protocol = 'openai' | 'anthropic' | 'google'

const address = line.refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), {
  error: 'must be an address such as http://127.0.0.1:11434/v1',
})

export const providerSettings = z.strictObject(
  {
    protocol: choice('openai', 'anthropic', 'google').default('openai'),
    base_url: optional(address),
    /** The name of the variable that holds its key; the key itself has no place in a file. */
    key: optional(
      line.regex(/^[A-Za-z_]\w*$/, { error: 'must be the name of a variable, not a key' }),
    ),
  },
  { error: 'takes protocol, base_url and key' },
)

const price = z.strictObject(
  { input: number(0), output: number(0), cached: optional(number(0)) },
  { error: 'takes input, output and cached' },
)

export const modelSettings = z.strictObject(
  {
    /** Tokens that fit into its window, question and answer together. */
    context: optional(whole(2000)),
    /** Tokens of its longest answer. */
    output: optional(whole(100)),
    /** US dollars for a million tokens. */
    price: optional(price),
  },
  { error: 'takes context, output and price' },
)

interface Provider {
  readonly protocol: Protocol
  readonly baseUrl: string
  /** Variables that may hold its key, the first that is set counts; none where it needs none. */
  readonly keys: readonly string[]
  /** Tokens, where nothing is said of a model. */
  readonly context: number
}

/** Those that everybody knows; `<NAME>_BASE_URL` in the environment says where else one of them is. */
const known: Readonly<Record<string, Provider>> = {
  anthropic: {
    protocol: 'anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    keys: ['ANTHROPIC_API_KEY'],
    context: 200_000,
  },
  google: {
    protocol: 'google',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    keys: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    context: 1_000_000,
  },
  ollama: { protocol: 'openai', baseUrl: 'http://127.0.0.1:11434/v1', keys: [], context: 32_000 },
  openai: {
    protocol: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    keys: ['OPENAI_API_KEY'],
    context: 128_000,
  },
  openrouter: {
    protocol: 'openai',
    baseUrl: 'https://openrouter.ai/api/v1',
    keys: ['OPENROUTER_API_KEY'],
    context: 128_000,
  },
  vllm: { protocol: 'openai', baseUrl: 'http://127.0.0.1:8000/v1', keys: [], context: 32_000 },
}

/** One of somebody's own, of which they said nothing more. */
const plainContext = 32_000

/** What is said under `kanban:` of the root's config.yaml. */
export interface ModelConfig {
  /** Of whoever names none. */
  readonly model?: string | null
  readonly providers: Readonly<Record<string, z.output<typeof providerSettings>>>
  readonly models: Readonly<Record<string, z.output<typeof modelSettings>>>
}

export interface ChosenModel {
  /** `<provider>/<id>` */
  readonly name: string
  readonly provider: string
  readonly id: string
  readonly protocol: Protocol
  readonly baseUrl: string
  /** Variables of which one must hold the key; empty where it needs none. */
  readonly keys: readonly string[]
  /** Tokens of its window. */
  readonly context: number
  /** Tokens of an answer; null where its provider knows. */
  readonly output: number | null
  readonly price: z.output<typeof price> | null
}

type Variables = Readonly<Record<string, string | undefined>>

/** What a name stands for; without one, what is usual. Throws `config` with what is missing and what to write where. */
export function chooseModel(
  wanted: string | null,
  { model = null, providers, models }: ModelConfig,
  variables: Variables,
): ChosenModel {
  const name = wanted ?? model
  if (name === null) {
    throw fault(
      'no model is set: write kanban.model into config.yaml, such as ollama/qwen3 or anthropic/<model>, or pass --model',
    )
  }
  const [provider = '', id = ''] = /^([^/]+)\/(.+)$/.exec(name)?.slice(1) ?? []
  if (id === '') {
    throw fault(
      `the model ${JSON.stringify(name)} does not say whose it is: write <provider>/${name}, with one of ${names(providers)}`,
    )
  }
  const own = providers[provider]
  const usual = known[provider]
  const base = own?.base_url ?? variables[`${variable(provider)}_BASE_URL`] ?? usual?.baseUrl
  if (base === undefined) throw unknownProvider(provider, own !== undefined, providers)
  const protocol = own?.protocol ?? usual?.protocol ?? 'openai'
  const about = models[name]
  const context = about?.context ?? usual?.context ?? plainContext
  return {
    name,
    provider,
    id,
    protocol,
    baseUrl: withVersion(base, protocol),
    keys: own?.key ? [own.key] : (usual?.keys ?? []),
    context,
    output: about?.output ?? usualOutput(protocol, id, context),
    price: about?.price ?? null,
  }
}

/** Whoever asks Anthropic for an answer has to say how long it may be; its older models cannot do more than its library knows. */
function usualOutput(protocol: Protocol, id: string, context: number): number | null {
  if (protocol !== 'anthropic' || id.includes('claude-3')) return null
  return Math.min(32_000, Math.floor(context / 4))
}

/** The key of the model's provider; undefined where it needs none. Throws `config` when it is not set. */
export function keyOf({ provider, keys }: ChosenModel, variables: Variables): string | undefined {
  const key = keys.map((name) => variables[name]?.trim()).find(Boolean)
  if (key !== undefined) return key
  // Servers of one's own often take one and seldom ask for it.
  if (keys.length === 0) return variables[`${variable(provider)}_API_KEY`]?.trim() || undefined
  throw fault(
    `${provider} needs a key, and ${keys.join(' or ')} is not set: set it in the environment of the program that starts this one`,
  )
}

/** Every variable that says where the model is or opens it. */
export function variablesOf({ provider, keys }: ChosenModel): string[] {
  return [...keys, `${variable(provider)}_API_KEY`, `${variable(provider)}_BASE_URL`]
}

function variable(provider: string): string {
  return provider.toUpperCase().replace(/\W/g, '_')
}

const versions = { openai: '/v1', anthropic: '/v1', google: '/v1beta' } as const

/** An address of a host alone is meant to be that of its programming interface. */
function withVersion(base: string, protocol: Protocol): string {
  const url = base.replace(/\/+$/, '')
  return URL.parse(url)?.pathname === '/' ? `${url}${versions[protocol]}` : url
}

function unknownProvider(
  provider: string,
  isNamed: boolean,
  providers: ModelConfig['providers'],
): BoardError {
  if (isNamed) {
    return fault(
      `kanban.providers.${provider} has no base_url: write where its programming interface is`,
    )
  }
  const meant = nearest(provider, [...Object.keys(known), ...Object.keys(providers)])
  const hint = meant === undefined ? '' : `did you mean ${meant}? Or `
  return fault(
    `${provider} is no provider known here, of ${names(providers)}: ${hint}write kanban.providers.${provider} with its base_url into config.yaml`,
  )
}

function names(providers: ModelConfig['providers']): string {
  return [...new Set([...Object.keys(known), ...Object.keys(providers)])].join(', ')
}

function fault(sentence: string): BoardError {
  return new BoardError('config', sentence)
}
