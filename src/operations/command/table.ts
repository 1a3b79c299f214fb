/** Lines that stand below one another, by what a terminal shows of a text and not by its length. */

const ascii = /^[ -~]*$/

/** How many columns `text` takes. */
export function width(text: string): number {
  if (ascii.test(text)) return text.length
  let columns = 0
  for (const [, own] of measured(text)) columns += own
  return columns
}

/**
 * Each character and its columns. What is joined to the one before takes none: accents, skin tones,
 * the parts of a family. By hand, because making an `Intl.Segmenter` takes 13 ms.
 */
function* measured(text: string): Generator<[string, number]> {
  const attached = /^[\p{Mark}\p{Emoji_Modifier}\u200b-\u200d]$/u
  const wide =
    /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]$/u
  let joined = false
  for (const character of text) {
    yield [character, joined || attached.test(character) ? 0 : wide.test(character) ? 2 : 1]
    joined = character === '\u200d'
  }
}

/** As much of `text` as fits, ending in `…` where something is missing. */
export function clip(text: string, columns: number | undefined): string {
  if (columns === undefined || width(text) <= columns) return text
  let kept = ''
  let used = 1
  for (const [character, own] of measured(text)) {
    used += own
    if (used > columns) break
    kept += character
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
      line +=
        (shown === '' ? '' : (paint?.(shown) ?? shown)) +
        ' '.repeat(Math.max(0, column - width(shown)))
      at += column
    }
    return line.trimEnd()
  })
}
