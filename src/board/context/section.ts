import { cut, fence, oneLine } from '../../lib/text.ts'

/** A part of the context whose blocks can be left out one by one when the whole is too long. */
export interface Section {
  readonly name: 'body' | 'attempts' | 'parents' | 'role' | 'comments'
  readonly heading: string
  readonly blocks: readonly string[]
  /** Which end is the least useful: the first blocks, or the last. */
  readonly oldestFirst: boolean
  readonly leftOut?: number
  readonly leftOutNoun?: string
}

const fieldLimit = 4 * 1024

/** A labelled fence around what somebody wrote; nothing when they wrote nothing. */
export function quoted(
  label: string,
  text: string | null | undefined,
  limit = fieldLimit,
): string[] {
  return text ? [`${label}:\n${fence(cut(text, limit))}`] : []
}

/** A name or a title within a line of ours: one line, in quotation marks, so that it ends where it ends. */
export function named(text: string, limit = 300): string {
  return JSON.stringify(cut(oneLine(text), limit))
}

/** A word of a program, as it is; anything else that another program wrote in its place, as a name. */
export function word(text: string): string {
  return /^[\w-]{1,40}$/.test(text) ? text : named(text)
}

/** `2026-11-20 20:15 UTC` of unix seconds; a time no calendar has is shown as its number. */
export function when(seconds: number): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return `time ${word(String(seconds))}`
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
