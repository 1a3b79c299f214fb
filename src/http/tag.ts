import { shortDigest } from '../lib/digest.ts'
import type { Gateway } from './types.ts'

/** A result with a tag: the same tag, the same answer. */
export interface Tagged {
  readonly tag: string
  /** Undefined where whoever asks has it. */
  readonly view: unknown
}

/** The answer tells of the gateway too, of which the operation knows nothing. Weak: `now` is another each time. */
export function tagOf({ tag }: Tagged, gateway: Gateway | null): string {
  return `W/"${tag}.${digest(gateway)}"`
}

/** The operation's own part of a tag that a client has, as far as the rest of it still holds. */
export function knownTag(
  ifNoneMatch: string | undefined,
  gateway: Gateway | null,
): string | undefined {
  const end = `.${digest(gateway)}`
  const tags = ifNoneMatch?.match(/"[^"]*"/g) ?? []
  const known = tags.map((quoted) => quoted.slice(1, -1)).find((tag) => tag.endsWith(end))
  return known?.slice(0, -end.length)
}

function digest(gateway: Gateway | null): string {
  return shortDigest(JSON.stringify(gateway), 12)
}
