/** What a program that failed has said last, with the line that says most first. */

import { byteLength, cut, neutralise } from './text.ts'

/** What follows the line that names an error: frames, fields of the error, Node's farewell. */
const below = /^(?:\s|[\])}]|Node\.js v|$)/
const frame = /^\s+at \S/

/**
 * Of `log`, in at most `maxBytes`: its last line, or where it ends with a stack trace the line that names
 * the error; then the end of the rest, in whole lines.
 */
export function lastWords(log: string, maxBytes: number): string {
  const lines = log.split(/\r\n|[\n\r]/).map((line) => neutralise(line).trimEnd())
  const telling = tellingOf(lines)
  const first = lines[telling]?.trim() ?? ''
  const kept: string[] = []
  let left = maxBytes - byteLength(first)
  for (const line of lines.toSpliced(telling, 1).reverse()) {
    left -= byteLength(line) + 1
    if (left < 0) break
    kept.unshift(line)
  }
  const rest = kept.join('\n').replace(/^\s*\n|\s+$/g, '')
  return cut(rest === '' ? first : `${first}\n${rest}`, maxBytes)
}

function tellingOf(lines: readonly string[]): number {
  const named = lines.findLastIndex((line) => !below.test(line))
  const isTrace = named >= 0 && lines.slice(named).some((line) => frame.test(line))
  return isTrace ? named : lines.findLastIndex((line) => line !== '')
}
