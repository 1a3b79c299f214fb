/** What a scripted model sees and says, in words that no protocol owns. */

/** One request, as every protocol is read. */
export interface Turn {
  readonly model: string
  readonly system: string
  /** From the first prompt to the latest result. */
  readonly said: readonly Entry[]
  /** Names as the agent gives them: `mcp__kanban__kanban_show`, `kanban-kanban_show`, … */
  readonly tools: readonly string[]
  /** Bytes of the request. */
  readonly size: number
  /** Requests before this one at the same address. */
  readonly earlier: number
}

export type Entry =
  | { readonly who: 'user'; readonly text: string }
  | { readonly who: 'model'; readonly text: string; readonly calls: readonly Call[] }
  | { readonly who: 'tool'; readonly tool: string; readonly text: string }

/** In an answer `tool` may be the end of a name: agents put their own words before it. */
export interface Call {
  readonly tool: string
  /** Text is sent as it is, be it JSON or not. */
  readonly input: object | string
}

export type Trouble =
  | 'rate_limit'
  | 'usage_limit'
  | 'no_credit'
  | 'login'
  | 'overflow'
  | 'overloaded'

export type Answer =
  | {
      readonly text?: string
      readonly calls?: readonly Call[]
      /** Milliseconds between two pieces of a stream. */
      readonly pause?: number
      /** Hangs up after this many pieces. */
      readonly breaksAfter?: number
    }
  | {
      readonly trouble: Trouble
      /** Seconds after which it says to try again. */
      readonly retryAfter?: number
    }
  | 'hang'

/** From the conversation so far to what comes next. Keeps nothing: whatever it must know is in the turn. */
export type Script = (turn: Turn) => Answer

/** These answers one after the other, then a closing word for whoever asks on. */
export function inOrder(...answers: readonly (Answer | Script)[]): Script {
  return (turn) => {
    const step = answers[turn.said.filter(({ who }) => who === 'model').length]
    return typeof step === 'function' ? step(turn) : (step ?? { text: 'Nothing is left to do.' })
  }
}

/** A turn of nothing but calls. */
export function call(tool: string, input: object | string = {}): Answer {
  return { calls: [{ tool, input }] }
}

/** What the latest call of the tool returned; as text when it is no JSON. Throws when there was none. */
export function resultOf(turn: Turn, tool: string): unknown {
  const entry = turn.said.findLast((one) => one.who === 'tool' && one.tool.endsWith(tool))
  if (entry === undefined) throw new Error(`${tool} was not called`)
  try {
    return JSON.parse(entry.text)
  } catch {
    return entry.text
  }
}

/** The name under which an agent offers a tool. */
export function offered(tools: readonly string[], tool: string): string {
  return tools.find((name) => name === tool) ?? tools.find((name) => name.endsWith(tool)) ?? tool
}
