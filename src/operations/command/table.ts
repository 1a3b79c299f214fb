/** Lines that stand below one another, by what a terminal shows of a text and not by its length. */

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u
const invisible = /^(?:\p{Mark}|[\u200b-\u200d])+$/u
const ascii = /^[ -~]*$/

/** How many columns `text` takes. */
export function width(text: string): number {
  if (ascii.test(text)) return text.length
  let columns = 0
  for (const { segment } of graphemes(text)) columns += widthOf(segment)
  return columns
}

let segmenter: Intl.Segmenter | undefined

function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter()
  return segmenter.segment(text)
}

function widthOf(grapheme: string): number {
  return invisible.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1
}

/** As much of `text` as fits, ending in `…` where something is missing. */
export function clip(text: string, columns: number | undefined): string {
  if (columns === undefined || width(text) <= columns) return text
  let kept = ''
  let used = 1
  for (const { segment } of graphemes(text)) {
    used += widthOf(segment)
    if (used > columns) break
    kept += segment
  }
  return `${kept}…`
}

export interface Cell {
  readonly text: string
  /** Puts colour around the text once its place is known. */
  readonly paint?: ((text: string) => string) | undefined
}

/**
 * Rows with their cells aligned, two spaces apart. The last cell of a row is clipped at `columns`;
 * a column that is empty in every row is left out.
 */
export function table(rows: readonly (readonly Cell[])[], columns: number | undefined): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, { text }] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, width(text))
    }
  }
  const used = widths.flatMap((wide, index) => (wide > 0 ? [index] : []))
  return rows.map((row) => {
    let line = ''
    let at = 0
    for (const index of used) {
      const { text, paint } = row[index] ?? { text: '' }
      const columnsLeft = columns === undefined ? undefined : Math.max(8, columns - at)
      const shown = index === used.at(-1) ? clip(text, columnsLeft) : text
      const column = (widths[index] ?? 0) + 2
      line += (paint?.(shown) ?? shown) + ' '.repeat(Math.max(0, column - width(shown)))
      at += column
    }
    return line.trimEnd()
  })
}
