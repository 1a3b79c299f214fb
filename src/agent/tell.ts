/** Shows a conversation where there is no terminal: in a pipe, in the log of a worker. */

import { cut, firstLine, neutralise, oneLine } from '../lib/text.ts'
import type { Listener } from './talk/talk.ts'

/** Bytes of what is said of a call or of its result. */
const longestNote = 200

export interface Teller extends Listener {
  /** What is going on, in a few words. */
  doing(): string
}

/** `words` takes what the model says, `notes` what else there is to tell; they may be the same. */
export function teller(words: (text: string) => void, notes: (line: string) => void): Teller {
  let answers = 0
  let doing = 'reading the task'
  let open = false

  /** Whole lines alone: a sequence that a terminal obeys may come in two pieces. */
  let pending = ''
  function flush(): void {
    if (pending !== '') words(neutralise(pending))
    pending = ''
    if (open) words('\n')
    open = false
  }

  return {
    doing: () => doing,
    text(piece) {
      doing = `answer ${answers + 1}`
      pending += piece
      open = true
      const end = pending.lastIndexOf('\n') + 1
      if (end === 0) return
      words(neutralise(pending.slice(0, end)))
      pending = pending.slice(end)
      open = pending !== ''
    },
    said() {
      answers += 1
      flush()
    },
    again(says, seconds) {
      flush()
      doing = `waiting for the model (${oneLine(says)})`
      notes(`! ${oneLine(says)}: again in ${seconds} s`)
    },
    calling(tool, about) {
      doing = cut(oneLine(`answer ${answers}: ${tool} ${about}`), longestNote)
      notes(`→ ${callLine(tool, about)}`)
    },
    called(_, { text, failed }) {
      notes(`${failed ? '✗' : '←'} ${cut(neutralise(firstLine(text)), longestNote)}`)
    },
    shortened(how) {
      notes(`! the conversation was made shorter, ${how}`)
    },
  }
}

/** A call for a person, on one line. */
export function callLine(tool: string, about: string): string {
  const said = cut(neutralise(oneLine(about)), longestNote)
  return said === '' ? tool : `${tool}: ${said}`
}
