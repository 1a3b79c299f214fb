import type { Operation } from '../operation.ts'
import type { Style } from './style.ts'

/** What a command line is given in place of a process, so that a terminal and a chat run the same one. */
export interface Io {
  /** What stands before the verb: `hermes kanban`, `/kanban`. */
  readonly name: string
  /** What can stand in the place of a verb without being an operation, and what it is. */
  readonly beside?: readonly (readonly [word: string, says: string])[]
  readonly style: Style
  /** Takes whole lines of the result, without the last newline. What goes on waits until they are taken. */
  readonly out: (text: string) => unknown
  /** Takes one line that is no result: a refusal, a hint. */
  readonly err: (line: string) => void
  readonly stdin: () => Promise<string>
  readonly call: Call
  /** Whether what goes on can be shown until it is stopped. */
  readonly live: boolean
  /** Prints where an error that nobody expected comes from. */
  readonly debug: boolean
}

/** Does an operation: here, or wherever the surface sends it. */
export type Call = (operation: Operation, input: unknown, asked: Asked) => Promise<unknown>

/** What a command line says besides the input. */
export interface Asked {
  readonly board?: string | undefined
  /** The profile as which to act. */
  readonly profile?: string | undefined
  /** The name to write into created_by and author. */
  readonly author?: string | undefined
}
