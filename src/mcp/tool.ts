/** An operation as a tool: what a model is told of it, and how it is called. Adds nothing to what it does. */

import { nearest } from '../lib/nearest.ts'
import { byteLength } from '../lib/text.ts'
import { messageOf } from '../lib/thrown.ts'
import { BoardError } from '../model/error.ts'
import type { Operation } from '../operations/operation.ts'
import { type InputSchema, inputSchema } from './input-schema.ts'
import { meant } from './meant.ts'

/** How an operation looks as a tool. Data only. */
export interface Binding {
  /** When to use it, and how to use it well. */
  readonly says: string
  /** Those of the operation's fields that a model may fill. */
  readonly fields: readonly string[]
  /** Needed here, though the operation can do without. */
  readonly needs?: readonly string[]
  /** Field → words for a model, where those for people do not do. */
  readonly about?: Readonly<Record<string, string>>
  /** What models pass though it is not theirs to say: no fault, and without effect. */
  readonly ignores?: readonly string[]
  /** What the tool itself asks for. */
  readonly fixed?: Readonly<Record<string, unknown>>
  /** Fields of the result that are handed on; all of them where none are named. */
  readonly returns?: readonly string[]
  /** The result is an object of its own, without `ok` around it. */
  readonly bare?: true
}

export type Bindings = Readonly<Record<string, Binding>>

export interface Tool {
  /** `kanban_<operation>` */
  readonly name: string
  readonly operation: Operation
  readonly binding: Binding
  readonly inputSchema: InputSchema
}

/** Has an operation done, by whoever may: here, or by the runner of this worker. */
export type Ask = (operation: Operation, input: unknown) => Promise<unknown>

export function toolFor(operation: Operation | undefined, name: string, binding: Binding): Tool {
  if (operation === undefined) throw new TypeError(`there is no operation ${name}`)
  const { fields, needs = [], about } = binding
  const schema = inputSchema(operation, fields, needs, about)
  return { name: `kanban_${name}`, operation, binding, inputSchema: schema }
}

export interface Answer {
  /** One JSON text: the result with `ok`, or `{"error": "<one sentence>"}`. */
  readonly text: string
  readonly failed: boolean
}

/** Calls a tool with what a model wrote. Never throws: a refusal is an answer. */
export async function useTool(tool: Tool, written: unknown, ask: Ask): Promise<Answer> {
  try {
    const result = await ask(tool.operation, inputFor(tool, written))
    return { text: JSON.stringify(answerOf(tool, result)), failed: false }
  } catch (error) {
    return { text: JSON.stringify({ error: sentence(error, tool) }), failed: true }
  }
}

/** Beyond it nobody reads on, and a runner takes no longer line. In bytes, as JSON. */
const longestInput = 3 * 1024 * 1024

function inputFor({ name, operation, binding, inputSchema }: Tool, written: unknown) {
  const size = byteLength(JSON.stringify(written ?? {}))
  if (size > longestInput) {
    throw new BoardError(
      'invalid',
      `${name} was given ${size} bytes, of ${longestInput} that it takes; nothing was changed: put what is long into a file of your workspace, and name the file`,
    )
  }
  const input: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(tableOf(written, name))) {
    if (binding.ignores?.includes(key)) continue
    if (!binding.fields.includes(key)) throw unknownField(name, key, binding.fields)
    const schema = operation.input.shape[key]
    const read = schema === undefined ? value : meant(schema as never, value)
    if (read !== undefined) input[key] = read
  }
  const missing = inputSchema.required.filter((field) => input[field] == null)
  if (missing.length > 0) {
    throw new BoardError(
      'invalid',
      `${name} needs ${missing.join(' and ')}; nothing was changed: call it again with ${missing.length > 1 ? 'them' : 'it'}`,
    )
  }
  return { ...input, ...binding.fixed }
}

function tableOf(written: unknown, name: string): object {
  if (written === undefined || written === null) return {}
  if (typeof written === 'object' && !Array.isArray(written)) return written
  throw new BoardError('invalid', `${name} takes an object of parameters; nothing was changed`)
}

/** Refused and not passed over: `depends_on` that is ignored starts a task before its time. */
function unknownField(tool: string, key: string, fields: readonly string[]): BoardError {
  const meantField = nearest(key, fields)
  const hint =
    meantField === undefined ? `it takes ${fields.join(', ')}` : `did you mean ${meantField}?`
  return new BoardError(
    'invalid',
    `${tool} has no parameter ${JSON.stringify(key)}; nothing was changed: ${hint}`,
  )
}

function answerOf({ binding }: Tool, result: unknown): object {
  const { returns, bare } = binding
  if (bare) return result as object
  const all = Array.isArray(result) ? { items: result } : (result as object)
  const some = Object.entries(all).filter(([key]) => returns?.includes(key) ?? true)
  return { ok: true, ...Object.fromEntries(some) }
}

/** Refusals of the board roll back; after these nobody knows what the other side has done. */
const uncertain = new Set(['store_unreachable', 'environment'])

/** What is wrong, whether anything was changed, and what to do. */
function sentence(error: unknown, { name, operation }: Tool): string {
  if (!(error instanceof BoardError)) {
    return `${name} failed unexpectedly (${messageOf(error)}): look with kanban_show what has become of it before you try again`
  }
  const { code, message } = error
  const isSaid = /\bunchanged\b|\bnothing (was|is)\b/.test(message)
  if (isSaid || uncertain.has(code)) return message
  const asItWas = operation.effect === 'read' ? '' : '; nothing was changed'
  return `${message}${asItWas}${adviceOn(error)}`
}

/** Where the refusal itself says what is wrong and no more. */
function adviceOn({ code, details }: BoardError): string {
  if (code === 'not_found' && details.id !== undefined) return ': use an id that the board gave you'
  return code === 'invalid' || code === 'meaningless' ? ': correct it and call again' : ''
}
