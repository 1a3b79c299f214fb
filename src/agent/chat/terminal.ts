/** The chat in a terminal: what is said streams above the line that is being typed. */

import {
  clearScreenDown,
  createInterface,
  cursorTo,
  type Interface,
  moveCursor,
} from 'node:readline'
import { neutralise, oneLine } from '../../lib/text.ts'
import { type Paint, paint, type Style } from '../../operations/command/style.ts'
import type { Session } from '../session.ts'
import type { Listener } from '../talk/talk.ts'
import { callLine } from '../tell.ts'
import { type Commands, conversation } from './conversation.ts'
import type { History } from './history.ts'
import { markdown } from './markdown.ts'
import { type Rows, rows } from './rows.ts'

/** The end of what stands before the cursor, and what it can become. */
export type Completer = (line: string) => Promise<[string[], string]>

export interface TerminalOptions {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly style: Style
  readonly history: History
  readonly complete: Completer
}

export interface TerminalChat {
  /** To be told what the model says and does. */
  readonly listener: Listener
  readonly print: (text: string) => void
  /** Resolves when the person leaves, or at the signal. */
  run(session: Session, commands: Pick<Commands, 'kanban'>, signal: AbortSignal): Promise<void>
}

/** Pieces of a pasted text come as lines of their own, in one go. */
const pasteMs = 15

export function terminalChat(options: TerminalOptions): TerminalChat {
  const { stdin, stdout, style, history } = options
  const colours = paint(style)
  const lines = createInterface({
    input: stdin,
    output: stdout,
    terminal: true,
    history: history.lines,
    historySize: 1000,
    removeHistoryDuplicates: true,
    prompt: '',
    completer: (line: string, done: (error: null, result: [string[], string]) => void) => {
      options.complete(line).then(
        (found) => done(null, found),
        () => done(null, [[], line]),
      )
    },
  })
  let isOpen = false
  const stream = streamOf(colours, style, () => stdout.columns || 80, above)

  /** Above the line that is being typed, which stays as it is. */
  function above(text: string): void {
    if (!isOpen) {
      stdout.write(`${text}\n`)
      return
    }
    const { rows: row } = lines.getCursorPos()
    moveCursor(stdout, 0, -row)
    cursorTo(stdout, 0)
    clearScreenDown(stdout)
    stdout.write(`${text}\n`)
    // The editor believes to be where it was, and would go up from there.
    Object.assign(lines, { prevRows: 0 })
    lines.prompt(true)
  }

  function prompt(isBusy: boolean): void {
    lines.setPrompt(isBusy ? colours.gray('… ') : colours.bold('> '))
    lines.prompt(true)
  }

  return {
    listener: listenerFor(stream, above, colours),
    print: (text) => above(neutralise(text)),
    async run(session, { kanban }, signal) {
      const talk = conversation(session, { kanban, print: (text) => above(neutralise(text)) })
      const { promise: left, resolve: leave } = Promise.withResolvers<void>()
      let busy = 0
      let wantsToLeave = false
      let pasted: string[] = []

      async function say(text: string): Promise<void> {
        const isMessage = !text.startsWith('/') && text.trim() !== ''
        if (isMessage) prompt(++busy > 0)
        const outcome = await talk.say(text)
        if (isMessage) busy -= 1
        if (outcome === 'leave') leave()
        else prompt(busy > 0)
      }

      lines.on('line', (line) => {
        wantsToLeave = false
        pasted.push(line)
        if (pasted.length > 1) return
        setTimeout(() => {
          const text = pasted.join('\n')
          pasted = []
          say(text).catch((error: unknown) => above(String(error)))
        }, pasteMs)
      })
      lines.on('history', (typed) => {
        history.keep(typed).catch(() => {})
      })
      // Whoever has an answer or a line to get rid of does not mean to leave.
      lines.on('SIGINT', () => {
        const isForOther = talk.stop() || forgetLine(lines)
        if (wantsToLeave && !isForOther) return leave()
        wantsToLeave = !isForOther
        if (wantsToLeave) above(colours.gray('Ctrl-C again, or Ctrl-D, leaves.'))
      })
      lines.on('close', leave)
      signal.addEventListener('abort', () => leave())
      isOpen = true
      prompt(false)
      await left
      isOpen = false
      talk.stop()
      lines.close()
      stdout.write('\n')
    },
  }
}

/** False when nothing was typed. */
function forgetLine(lines: Interface): boolean {
  if (lines.line === '') return false
  lines.write(null, { ctrl: true, name: 'e' })
  lines.write(null, { ctrl: true, name: 'u' })
  return true
}

function streamOf(
  colours: Paint,
  style: Style,
  columns: () => number,
  show: (row: string) => void,
): { rows: Rows; restart: () => void } {
  let shown = markdown(colours, !style.colour)
  return {
    rows: rows(columns, (row) => show(shown(row))),
    restart() {
      shown = markdown(colours, !style.colour)
    },
  }
}

function listenerFor(
  { rows: text, restart }: ReturnType<typeof streamOf>,
  show: (row: string) => void,
  colours: Paint,
): Listener {
  function end(): void {
    text.end()
    restart()
  }
  return {
    text: text.add,
    said: end,
    again(says, seconds) {
      end()
      show(colours.yellow(`! ${neutralise(oneLine(says))}: again in ${seconds} s`))
    },
    calling(tool, about) {
      show(colours.gray(`→ ${callLine(tool, about)}`))
    },
    called(tool, { text: result, failed }) {
      if (failed) show(colours.gray(`✗ ${callLine(tool, result)}`))
    },
    shortened(how) {
      show(colours.gray(`! the conversation was made shorter, ${how}`))
    },
  }
}
