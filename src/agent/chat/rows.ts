/** Text that streams in, as rows of a terminal. */

import { neutralise } from '../../lib/text.ts'
import { width } from '../../operations/command/table.ts'

export interface Rows {
  /** Takes a piece, and hands on every row that is complete. */
  add(piece: string): void
  /** Hands on what is left. */
  end(): void
}

/** `columns` is asked for each row: a window may be made wider. */
export function rows(columns: () => number, show: (row: string) => void): Rows {
  let line = ''

  function emit(text: string): void {
    show(neutralise(text).trimEnd())
  }

  /** Whole words, as many as fit; a word that is longer than a row is left to the terminal. */
  function wrap(): void {
    for (;;) {
      const room = Math.max(20, columns() - 1)
      if (width(line) <= room) return
      let used = 0
      let cutAt = -1
      for (const { 0: word, index } of line.matchAll(/\S+\s*|\s+/g)) {
        used += width(word.trimEnd())
        if (used > room) break
        used += width(word) - width(word.trimEnd())
        cutAt = index + word.length
      }
      // The last word may go on with the next piece.
      if (cutAt <= 0 || cutAt >= line.length) return
      emit(line.slice(0, cutAt))
      line = line.slice(cutAt)
    }
  }

  return {
    add(piece) {
      const lines = (line + piece).split('\n')
      for (const [at, text] of lines.entries()) {
        line = text
        wrap()
        if (at < lines.length - 1) emit(line)
      }
    },
    end() {
      if (line !== '') emit(line)
      line = ''
    },
  }
}
