import { byteLength, cut } from '../../lib/text.ts'

/** The beginning and the end of a long text: a command says at its end what came of it. In bytes. */
export function ends(text: string, most: number): string {
  if (byteLength(text) <= most) return text
  const beginning = cut(text, Math.floor(most / 3))
  const end = lastOf(text, Math.floor((most * 2) / 3) - 100)
  return `${beginning}\n\n…\n\n${end}`
}

/** Whole lines where there are any. */
function lastOf(text: string, bytes: number): string {
  const tail = Buffer.from(text).subarray(-bytes)
  const line = tail.indexOf(0x0a) + 1
  const start = line > 0 && line < tail.length / 2 ? line : firstCharacter(tail)
  return tail.subarray(start).toString()
}

function firstCharacter(bytes: Buffer): number {
  let start = 0
  while (start < 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++
  return start
}
