/** Words as a POSIX shell writes and reads them. */

/** `word` as one word of a POSIX shell, whatever is in it. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/**
 * Space between words, a line that goes on below, or a piece of a word. A quote that nothing closes
 * is none of these, and ends the search.
 */
const piece =
  /(?<space>\s+)|(?<joint>\\\r?\n)|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|(?<plain>[^\s'"\\]+)/gsy

/**
 * The words of a line, split as a shell would, and nothing more: nothing is expanded, and operators
 * are plain text. Undefined where a quote stays open or a `\` is the last sign.
 */
export function splitWords(line: string): string[] | undefined {
  const words: string[] = []
  let within = false
  let at = 0
  for (const { groups = {}, index, 0: found } of line.matchAll(piece)) {
    at = index + found.length
    if (groups.joint !== undefined) continue
    const starts = groups.space === undefined && !within
    if (starts) words.push('')
    within = groups.space === undefined
    if (within) words.push(`${words.pop()}${meaning(groups)}`)
  }
  return at === line.length ? words : undefined
}

function meaning({ single, double, escaped, plain }: Record<string, string | undefined>): string {
  // Within double quotes only these are escaped; before any other sign a `\` is itself.
  const quoted = double?.replace(/\\([\\"$`]|\n)/g, (_, sign) => (sign === '\n' ? '' : sign))
  return single ?? quoted ?? escaped ?? plain ?? ''
}
