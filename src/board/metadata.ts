import { BoardError } from '../model/error.ts'

/** More than this cannot be read by every program that shares the board, and thousands by none. */
const deepest = 100

/** The JSON of what somebody hands over; null for nothing. Throws `invalid` when it is nested too deep. */
export function metadataText(
  metadata: Readonly<Record<string, unknown>> | null | undefined,
): string | null {
  if (!metadata) return null
  if (isDeeper(metadata, deepest)) {
    throw new BoardError(
      'invalid',
      `nothing has changed: metadata has more than ${deepest} levels; hand over less of it, or name a file that has it`,
    )
  }
  return JSON.stringify(metadata)
}

/** Level by level and not by recursion, which would itself run out of stack. */
function isDeeper(value: object, levels: number): boolean {
  let level = new Set([value])
  for (let depth = 0; depth < levels; depth += 1) {
    level = new Set([...level].flatMap((one) => Object.values(one)).filter(isObject))
  }
  return level.size > 0
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
