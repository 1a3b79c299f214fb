/** Text made short enough for a chat. Lengths are in UTF-16 units, of which no platform counts more than these. */

let characters: Intl.Segmenter | undefined

/** The beginning of `text` in at most `length`, with `…` where something is missing; joined emoji stay whole. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${head(text, length - 1)}…`
}

/** As `clip`, at the end of a line where there is one, and with words that say what to do. */
export function fit(text: string, length: number): string {
  if (text.length <= length) return text
  const hint = `\n… cut: ${text.length} characters are too many here. Ask for less, or use a terminal.`
  const kept = head(text, length - hint.length)
  const line = kept.lastIndexOf('\n')
  return `${line > kept.length / 2 ? kept.slice(0, line) : kept}${hint}`
}

function head(text: string, length: number): string {
  const from = Math.max(0, length - 64)
  characters ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  const last = characters.segment(text.slice(from, length + 64)).containing(length - from)
  return text.slice(0, from + (last?.index ?? length - from))
}
