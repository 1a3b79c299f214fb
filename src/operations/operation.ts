/** One thing that can be asked of a board. Every surface is derived from these and adds nothing. */

import type { z } from 'zod'
import type { Board } from '../board/board.ts'
import type { Config, Environment } from '../config.ts'
import type { Around } from '../dispatcher/surroundings.ts'
import { BoardError } from '../model/error.ts'
import { parse } from '../model/parse.ts'
import type { Fence } from '../model/run.ts'
import { machineError } from '../model/system-error.ts'
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
  /** Kept at hand by a surface that is asked often; without it everything is looked at anew. */
  readonly around?: (() => Promise<Around>) | undefined
  /** Set when somebody in a chat asks: not at the machine, and told in that chat alone. */
  readonly chat?: Chat | undefined
  /** Shows how far a long work is, where somebody can see it. */
  readonly progress?: ((says: string) => void) | undefined
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

export interface Chat {
  readonly platform: string
  readonly chat_id: string
  /** Empty where it is in no thread. */
  readonly thread_id: string
  /** The folder that is pinned there: tasks from this chat are worked on in it. */
  readonly folder?: string | undefined
  /** Pins a folder, or none. */
  readonly pin: (folder: string | undefined) => Promise<void>
  /** Told of each task that is created there, and on which board. */
  readonly onCreated?: (task_id: string, board: string) => void
}

export interface Operation<Input extends z.ZodObject = z.ZodObject, Output = unknown> {
  /** Its name on every surface: the verb of the command line, `kanban_<name>` as a tool. */
  readonly name: string
  readonly summary: string
  /** The one canonical input. Surfaces bind flags, positionals and routes to these names. */
  readonly input: Input
  readonly audience: readonly Audience[]
  readonly effect: 'read' | 'write'
  /** What is not done for a chat: any of it, or what these fields ask for. */
  readonly notForChats?: true | readonly string[]
  /** What names files of the machine: its input as a whole, or these fields. Only for a command line. */
  readonly namesFiles?: true | readonly string[]
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
      `${spoken(op)} is not for workers: nothing was changed; ask for it in a comment, or block`,
    )
  }
  if (context.chat !== undefined) refuseAsked(op, input, op.notForChats, 'a chat')
  try {
    return await op.run(parse(op.input, input, deed(op)), context)
  } catch (error) {
    throw machineError(error) ?? error
  }
}

/** As people type it: `boards set-workdir`. */
export function spoken({ name, command }: Operation): string {
  return (command?.path ?? name.split('_')).join(' ')
}

/** After `cannot`: a verb as it is, a command of several words is run. */
export function deed(op: Operation): string {
  const words = spoken(op)
  return /^[a-z]+$/.test(words) ? words : `run ${words}`
}

/** Throws `forbidden` where `input` asks for what is kept from `where`. */
export function refuseAsked(
  op: Operation,
  input: unknown,
  kept: true | readonly string[] | undefined,
  where: string,
): void {
  const fields = typeof kept === 'object' ? kept : []
  const given = Object.entries(input ?? {}).filter(([, value]) => value != null && value !== false)
  const asked = given.find(([field]) => fields.includes(field))?.[0]
  if (kept !== true && asked === undefined) return
  const flag = op.command?.flags?.[asked ?? '']?.match(/--[\w-]+/)?.[0] ?? asked
  const what = [spoken(op), flag].filter(Boolean).join(' ')
  throw new BoardError(
    'forbidden',
    `${what} is not done from ${where}: nothing was changed; use a terminal of the machine`,
  )
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
