/** Text from outside, made fit for the place where it goes: a row, one line, a bound, a prompt, a terminal. */

/** Half surrogates mended and NUL removed: what both databases can keep. */
export function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}

/** Bytes in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text)
}

/** The first line that says something, trimmed; empty when none does. */
export function firstLine(text: string): string {
  return /\S.*/.exec(text)?.[0].trimEnd() ?? ''
}

/** All of it on one line, each run of white space one space. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/**
 * The beginning of `text`, in at most `maxBytes` of UTF-8, with a mark that says how much is missing.
 * A bound too small for the mark keeps to `…`. Never splits a character, accents and joined emoji included.
 */
export function cut(text: string, maxBytes: number): string {
  // A UTF-16 unit has at most three bytes in UTF-8: most texts need no counting.
  if (text.length * 3 <= maxBytes) return text
  const size = byteLength(text)
  if (size <= maxBytes) return text
  const longest = byteLength(mark(size))
  if (maxBytes < 2 * longest) return `${head(text, maxBytes - 3)}…`
  const kept = head(text, maxBytes - longest)
  return `${kept}${mark(size - byteLength(kept))}`
}

function mark(bytes: number): string {
  return ` …[${bytes} bytes cut]`
}

const encoder = new TextEncoder()
// Making one takes 10 ms, as long as half of a start of Node: only a text that is cut needs it.
let characters: Intl.Segmenter | undefined

/** As many whole characters as fit. Looks for joined ones only near the cut: a text may be a megabyte. */
function head(text: string, maxBytes: number): string {
  const { read } = encoder.encodeInto(text, new Uint8Array(Math.max(0, maxBytes)))
  const from = Math.max(0, read - 64)
  const around = text.slice(from, read + 64)
  characters ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const last = characters.segment(around).containing(read - from)
  return text.slice(0, from + (last?.index ?? read - from))
}

/** A block of back-ticks around `text`, longer than any run inside, so that nothing in it can end it. */
export function fence(text: string, label = ''): string {
  const runs = text.match(/`{3,}/g) ?? []
  const ticks = '`'.repeat(runs.reduce((longest, run) => Math.max(longest, run.length + 1), 3))
  return `${ticks}${oneLine(label).replaceAll('`', "'")}\n${text}\n${ticks}`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what the function is about
const unsafe = /\r\n|\x1b\[[0-9;:]*m|[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g

/**
 * Text that a terminal shows and never obeys: escape sequences, control characters other than
 * newline and tab, and overrides of the writing direction become visible signs. Plain colours are left out.
 */
export function neutralise(text: string): string {
  return text.replace(unsafe, (found) => {
    if (found === '\r\n') return '\n'
    if (found.length > 1) return ''
    const code = found.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    if (code === 0x7f) return '␡'
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
  })
}
