import { messageOf } from '../../lib/thrown.ts'

/** Keys of bots as their platforms write them. */
const keys = /(?:\d{6,}:[\w-]{30,}|(?:xox[a-z]|xapp)-[\w-]+|[\w-]{20,}\.[\w-]{5,}\.[\w-]{25,})/g

/** An error of somebody else's as it may be shown: some hold the address that was asked, and that a key. */
export function redact(error: unknown): string {
  return messageOf(error).replace(keys, '<a key>')
}
