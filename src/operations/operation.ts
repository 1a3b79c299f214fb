/** One thing that can be asked of a board. Every surface is derived from these and adds nothing. */

import type { z } from 'zod'
import type { Board } from '../board/board.ts'
import type { Config, Environment } from '../config.ts'
import { BoardError } from '../model/error.ts'
import { parse } from '../model/parse.ts'
import type { Fence } from '../model/run.ts'
import type { CommandBinding } from './command/binding.ts'

/** Who may ask: a worker for its run, a person's own agent, a person at a terminal or the page. */
type Audience = 'worker' | 'operator' | 'person'

/** On whose behalf an operation runs, and on what. Boards and configuration are read when first needed. */
export interface Context {
  readonly environment: Environment
  readonly board: () => Promise<Board>
  readonly config: () => Promise<Config>
  /** Written into created_by and author. */
  readonly actor: string
  /** The profile whose tasks are "mine"; nobody's when a person asks. */
  readonly profile?: string | undefined
  /** Whose process this is: a claim by hand is made in its name. */
  readonly claimant: Claimant
  /** How this very program is started, for a pass by hand: the runners are it. */
  readonly program: readonly string[]
  /** Set when a worker asks: its writes are fenced, and it acts on its own task only. */
  readonly worker?: Worker | undefined
  /** Aborted when whoever asked is gone; ends what would run for ever. */
  readonly signal: AbortSignal
}

interface Claimant {
  readonly host: string
  readonly pid: number
}

export interface Worker {
  readonly task: string
  readonly fence: Fence
  readonly tenant: string | null
  /** How many tasks this run may still create; whoever serves the worker keeps the count. */
  readonly creations?: { left: number }
}

export interface Operation<Input extends z.ZodObject = z.ZodObject, Output = unknown> {
  /** Its name on every surface: the verb of the command line, `kanban_<name>` as a tool. */
  readonly name: string
  readonly summary: string
  /** The one canonical input. Surfaces bind flags, positionals and routes to these names. */
  readonly input: Input
  readonly audience: readonly Audience[]
  readonly effect: 'read' | 'write'
  readonly command?: CommandBinding<z.output<Input>, Output>
  /** May resolve with an AsyncIterable: then it goes on until the signal, and is rendered item by item. */
  readonly run: (input: z.output<Input>, context: Context) => Promise<Output>
}

/** Keeps the types of one definition together, and forgets them for the registry. */
export function operation<Input extends z.ZodObject, Output>(
  definition: Operation<Input, Output>,
): Operation {
  return definition as unknown as Operation
}

/** Checks who asks and for what, and does it. Throws `BoardError` for whatever is refused. */
export async function perform(op: Operation, input: unknown, context: Context): Promise<unknown> {
  if (context.worker !== undefined && !op.audience.includes('worker')) {
    throw new BoardError(
      'forbidden',
      `${op.name.replaceAll('_', ' ')} is not for workers: nothing was changed; ask for it in a comment, or block`,
    )
  }
  return op.run(parse(op.input, input, op.name.replaceAll('_', ' ')), context)
}

/** A result that goes on. A surface that answers once says so instead of waiting for its end. */
export function isLive(result: unknown): result is AsyncIterable<unknown> {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result
}

/** The fence for a write to `task`: none for people; a worker may write to its own task only. */
export function fenceFor(context: Context, task: string): Fence | undefined {
  const { worker } = context
  if (worker === undefined) return undefined
  if (worker.task === task) return worker.fence
  throw new BoardError(
    'forbidden',
    `${task} is not your task: you work on ${worker.task}; nothing was changed`,
    { task, own: worker.task },
  )
}

/** The task that is meant: the one that was named, else the worker's own. */
export function refFor(context: Context, named: string | undefined): string {
  const ref = named ?? context.worker?.task
  if (ref !== undefined) return ref
  throw new BoardError('invalid', 'task_id is missing: name the task')
}
