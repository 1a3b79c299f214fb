/**
 * Random hexadecimal digits, two for each byte. From the global `crypto`, which loads on first use:
 * importing `node:crypto` costs a command 4 ms, and most need no randomness.
 */
export function randomHex(bytes: number): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('hex')
}
