import { randomHex } from './random.ts'

/** `t_` and 8 hexadecimal digits. Not unique by itself: the board tries again on a collision. */
export function taskId(): string {
  return `t_${randomHex(4)}`
}

/** 128 random bits in hexadecimal: a secret that nobody guesses. */
export function token(): string {
  return randomHex(16)
}
