/** A conversation with a model: everything that its turns have in common. */

import type { ModelMessage } from 'ai'
import type { Clock } from '../../lib/clock.ts'
import type { OpenModel } from '../model/open.ts'
import type { Usage } from '../model/usage.ts'
import type { Result, Tool } from '../tools/tool.ts'

export interface Talk {
  readonly model: OpenModel
  readonly instructions: string
  readonly tools: readonly Tool[]
  /** From the first prompt on; grows with each step, and is cut where it must be. */
  messages: ModelMessage[]
  readonly usage: Usage
  readonly clock: Clock
  /** Milliseconds without a sign of life after which an answer is given up. */
  readonly patience: number
  readonly listener: Listener
}

/** Told what happens, for whoever looks on. */
export interface Listener {
  readonly text: (piece: string) => void
  readonly again: (says: string, seconds: number) => void
  /** An answer is complete: nothing more is added to its text. */
  readonly said: () => void
  readonly calling: (tool: string, about: string) => void
  readonly called: (tool: string, result: Result) => void
  /** The conversation was made shorter. */
  readonly shortened: (how: string) => void
}

export const nobody: Listener = {
  text: () => {},
  again: () => {},
  said: () => {},
  calling: () => {},
  called: () => {},
  shortened: () => {},
}
