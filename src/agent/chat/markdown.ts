import type { Paint } from '../../operations/command/style.ts'

/** Colours rows of Markdown as they come; without colour its source is plain enough as it is. */
export function markdown(paint: Paint, isPlain: boolean): (row: string) => string {
  let inCode = false
  return (row) => {
    if (isPlain) return row
    if (/^\s*(```|~~~)/.test(row)) {
      inCode = !inCode
      return paint.gray(row)
    }
    if (inCode) return paint.cyan(row)
    const heading = /^#{1,6} +(.*)$/.exec(row)?.[1]
    if (heading !== undefined) return paint.bold(heading)
    return row
      .replace(/^(\s*)[*-] /, '$1• ')
      .replace(/\*\*([^*]+)\*\*/g, (_, words: string) => paint.bold(words))
      .replace(/`([^`]+)`/g, (_, words: string) => paint.cyan(words))
  }
}
