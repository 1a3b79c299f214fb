import type { Entry } from '../export/entries.ts'

/**
 * What can be taken onto a board: rows in our words, whatever they were before. Tasks come before
 * what is about them, events in their order. Columns that are missing are empty; ids of comments,
 * runs and events only serve to tell which event is of which run.
 */
export interface Source {
  readonly entries: () => AsyncIterable<readonly (Entry | Untold)[]>
  close(): Promise<void>
}

/** Something that the source has and a board has no words for. */
export interface Untold {
  readonly type: 'untold'
  readonly what: string
  readonly why: string
}
