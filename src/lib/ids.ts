import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** `t_` and 8 hexadecimal digits. Not unique by itself: the board tries again on a collision. */
export function taskId(): string {
  return `t_${randomBytes(4).toString('hex')}`
}

/** 128 random bits in hexadecimal: a secret that nobody guesses. */
export function token(): string {
  return randomBytes(16).toString('hex')
}

/** Whether two secrets are the same, in a time that tells nothing about either, its length included. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
