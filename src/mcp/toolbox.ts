import type { Tool } from './tool.ts'

/** What one kind of session is given. */
export interface Toolbox {
  readonly tools: readonly Tool[]
  /** What its model is told about them as a whole. */
  readonly instructions: string
}

/** For a session that works on no task. */
export const noTools: Toolbox = { tools: [], instructions: '' }
