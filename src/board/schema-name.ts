import { shortDigest } from '../lib/digest.ts'

/** PostgreSQL cuts longer names. */
const longest = 63

const digits = 12

/**
 * The schema of a board. A slug that is too long for one is cut, and told from others that begin alike by a
 * hash behind a dot, which no slug has.
 */
export function schemaOf(slug: string): string {
  return fitting('kanban_', slug, '')
}

/** The schema of a board that was put away: no slug leads to it. */
export function archivedSchemaOf(slug: string, suffix: string): string {
  return fitting('kanban_archived.', slug, `-${suffix}`)
}

function fitting(before: string, slug: string, after: string): string {
  const room = longest - before.length - after.length
  if (slug.length <= room) return `${before}${slug}${after}`
  return `${before}${slug.slice(0, room - digits - 1)}.${shortDigest(slug, digits)}${after}`
}
