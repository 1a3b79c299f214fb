import type { SessionUpdate, ToolCallContent, ToolCallUpdate } from '@agentclientprotocol/sdk'
import { cut, oneLine } from '../../../lib/text.ts'
import type { Call } from './permission.ts'

/** What streams from an agent, as lines that a person reads along. */
export interface Journal {
  update(update: SessionUpdate): void
  /** A line of ours. */
  note(text: string): void
  /** The end of what it has said in this turn. */
  lastWords(): string
  /** What it has told besides its words and its tools in this turn, as JSON: retries, for one. */
  asides(): string
  newTurn(): void
  call(id: string): Call | undefined
}

/** Bytes of what a tool returned that are written. */
const longestResult = 2000

/** Characters of its own words that are kept at hand. */
const keptWords = 2000

/** `write` is given whole lines and parts of one: it puts them behind each other. */
export function keepJournal(write: (text: string) => void): Journal {
  const calls = new Map<string, Call>()
  let words = ''
  let asides = ''
  /** What the line that is being written belongs to; nothing at the beginning of one. */
  let within: 'words' | 'thoughts' | undefined

  function stream(kind: 'words' | 'thoughts', text: string): void {
    if (text === '') return
    const opening = kind === 'thoughts' ? '· ' : ''
    if (within !== kind) {
      endLine()
      write(opening)
    }
    write(kind === 'thoughts' ? text.replaceAll('\n', `\n${opening}`) : text)
    within = kind
  }

  function endLine(): void {
    if (within !== undefined) write('\n')
    within = undefined
  }

  function line(text: string): void {
    endLine()
    write(`${text}\n`)
  }

  function tool(update: ToolCallUpdate): void {
    const { toolCallId: id, status, content } = update
    const known = calls.get(id)
    const call = { title: update.title ?? known?.title ?? '' }
    calls.set(id, call)
    const name = oneLine(call.title) || id
    // Some tell of a call before they know what it is.
    if (call.title !== '' && call.title !== known?.title) line(`→ ${cut(name, 300)}`)
    if (status === 'completed' || status === 'failed') {
      line(`${status === 'completed' ? '✓' : '✗'} ${cut(name, 120)}`)
      const result = cut(resultOf(content ?? []), longestResult)
      if (result !== '') line(result.replace(/^/gm, '  '))
    }
  }

  return {
    update(update) {
      switch (update.sessionUpdate) {
        case 'agent_message_chunk': {
          const text = textOf(update.content)
          words = `${words}${text}`.slice(-keptWords)
          return stream('words', text)
        }
        case 'agent_thought_chunk':
          return stream('thoughts', textOf(update.content))
        case 'tool_call':
        case 'tool_call_update':
          return tool(update)
        case 'plan': {
          const done = update.entries.filter(({ status }) => status === 'completed').length
          const now = update.entries.find(({ status }) => status === 'in_progress')
          const at = now === undefined ? '' : `: ${oneLine(now.content)}`
          return line(`plan: ${done} of ${update.entries.length} done${cut(at, 300)}`)
        }
        case 'session_info_update':
          asides = aside(asides, update._meta)
          return
        case 'notice':
          asides = aside(asides, update)
          return line(`notice: ${cut(oneLine(JSON.stringify(update)), 500)}`)
        default:
          return
      }
    },
    note: line,
    lastWords: () => words.trim(),
    asides: () => asides,
    newTurn() {
      endLine()
      words = ''
      asides = ''
    },
    call: (id) => calls.get(id),
  }
}

function aside(before: string, value: unknown): string {
  return value == null ? before : `${before}\n${JSON.stringify(value)}`.slice(-keptWords)
}

function textOf(content: { readonly type: string }): string {
  return 'text' in content ? String(content.text) : `[${content.type}]`
}

function resultOf(content: readonly ToolCallContent[]): string {
  const texts = content.map((part) => {
    if (part.type === 'content') return textOf(part.content)
    if (part.type === 'diff') return `changed ${part.path}`
    return ''
  })
  return texts.filter(Boolean).join('\n').trim()
}
