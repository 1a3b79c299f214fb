import { sha256 } from './digest.ts'

/** Whether two secrets are the same, in a time that tells nothing about either, its length included. */
export function sameSecret(a: string, b: string): boolean {
  const { timingSafeEqual } = process.getBuiltinModule('node:crypto')
  return timingSafeEqual(sha256(a), sha256(b))
}
