/**
 * SHA-256. `node:crypto` is loaded on first use: that takes 4 ms and 3 MB, which most commands and every
 * runner would pay for nothing.
 */
export function sha256(text: string): Buffer {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha256').update(text).digest()
}

/** Its first hexadecimal digits. */
export function shortDigest(text: string, digits: number): string {
  return sha256(text).toString('hex').slice(0, digits)
}
