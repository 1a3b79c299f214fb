/** `/kanban …` in a chat or in an agent: the command line, with a string in place of a terminal. */

import { isAbsolute } from 'node:path'
import { openBoard } from '../board/board.ts'
import { chooseBoard } from '../board/places.ts'
import { systemClock } from '../lib/clock.ts'
import { splitWords } from '../lib/shell.ts'
import { messageOf } from '../lib/thrown.ts'
import { BoardError } from '../model/error.ts'
import { findCommand } from './command/find.ts'
import { grammarOf } from './command/grammar.ts'
import { usageOf } from './command/help.ts'
import type { Asked, Call } from './command/io.ts'
import { readLeading, usageError } from './command/read.ts'
import { runCommandLine } from './command/run.ts'
import { isFolder } from './export-file.ts'
import { notifySubscribe } from './notify.ts'
import { type Chat, type Context, type Operation, perform, refuseAsked } from './operation.ts'

const name = '/kanban'

/** Verbs of `hermes kanban` that are programs of their own and go on. */
const programs = new Set(['daemon', 'mcp'])

const short = (isChat: boolean): string => `${name} <command>: the board, from here.

  create "<title>" --assignee <profile>   put a task on it
  list, show <id>, why <id>               look
  comment <id> <text>, unblock <id>       answer
  complete <id>, archive <id>, assign <id> <profile>${isChat ? pinned : ''}

${name} help names all commands, ${name} <command> --help tells more.`

const pinned = `
  here <path>|off                         where tasks from here are worked on`

/**
 * What the text after `/kanban` does, as it would be printed: never empty, whatever it says, and never
 * thrown. It reads no stdin and no file that the text names, and expands nothing.
 */
export async function slash(text: string, context: Context): Promise<string> {
  const lines: string[] = []
  const words = splitWords(text)
  const [verb, ...rest] = words ?? []
  if (words === undefined)
    return `a quote stays open, or a \\ ends the text: ${name} has done nothing`
  if (verb === undefined) return short(context.chat !== undefined)
  if (verb === 'here') return here(rest, context.chat).catch(messageOf)
  if (programs.has(verb)) {
    return `${verb} goes on until it is stopped, which cannot be shown here: use hermes kanban ${verb} in a terminal`
  }
  const told: string[] = []
  const code = await runCommandLine(words, {
    name,
    style: { colour: false, width: undefined, now: systemClock() },
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    stdin: async () => {
      throw usageError('- stands for stdin, which there is none of here: write the text itself')
    },
    call: callIn(context, async (operation, result, asking) => {
      if (operation.name !== 'create' || words.includes('--json')) return
      told.push(await subscribeChat((result as { task_id: string }).task_id, asking))
    }),
    live: false,
    debug: false,
  })
  if (code === 2) lines.push(...(await usageFor(words, lines)))
  return [...lines, ...told].join('\n').trim() || 'Nothing to show.'
}

type After = (operation: Operation, result: unknown, context: Context) => Promise<void>

function callIn(context: Context, after: After): Call {
  async function does(operation: Operation, input: unknown, asking: Context): Promise<unknown> {
    const result = await perform(operation, input, asking)
    if (asking.chat !== undefined) await after(operation, result, asking)
    return result
  }

  return async (operation, input, asked) => {
    refuseAsked(operation, input, operation.namesFiles, name)
    refuseDisguise(context, asked)
    const { board: slug, profile = context.profile } = asked
    const actor = context.chat === undefined ? (asked.author ?? context.actor) : context.actor
    const asking = { ...context, profile: profile?.toLowerCase(), actor }
    if (slug === undefined) return does(operation, input, asking)
    const board = await openBoard(await chooseBoard(context.environment, slug), systemClock)
    try {
      return await does(operation, input, { ...asking, board: async () => board })
    } finally {
      await board.store.close()
    }
  }
}

/** Whoever creates a task in a chat is told there what becomes of it, and is told so. */
export async function subscribeChat(task_id: string, asking: Context): Promise<string> {
  await perform(notifySubscribe, { task_id, user_id: asking.actor }, asking)
  asking.chat?.onCreated?.(task_id, (await asking.board()).slug)
  return `What becomes of it is told here: ${name} notify-unsubscribe ${task_id} ends that`
}

/** What somebody says in a chat stands there under their own name. */
function refuseDisguise({ chat, actor }: Context, { author }: Asked): void {
  if (chat === undefined || author === undefined || author === actor) return
  throw new BoardError('forbidden', `you are ${actor} here: leave the name ${author} out`)
}

/** The usage of the verb, unless what was said holds it already. */
async function usageFor(words: readonly string[], said: readonly string[]): Promise<string[]> {
  const operation = await commandOf(words).catch(() => undefined)
  if (operation === undefined) return [`${name} help names all commands`]
  const usage = usageOf(grammarOf(operation), name)
  return said.some((line) => line.includes(usage)) ? [] : [`Usage: ${usage}`]
}

async function commandOf(words: readonly string[]): Promise<Operation> {
  return findCommand(words.slice(readLeading(words).verbAt))
}

/** Pins the folder in which tasks from a chat are worked on. */
async function here(words: readonly string[], chat: Chat | undefined): Promise<string> {
  const [path] = words
  if (chat === undefined)
    return 'here is for chats: say --workspace dir:<path> when you create a task'
  if (path === undefined) {
    return chat.folder === undefined
      ? `No folder is pinned here: ${name} here <path> pins one`
      : `Tasks from here are worked on in ${chat.folder}`
  }
  if (words.length > 1)
    throw usageError(`one folder, in quotes if there is space in it: ${name} here <path>|off`)
  if (path === 'off') {
    await chat.pin(undefined)
    return 'No folder is pinned here any more'
  }
  if (!isAbsolute(path) || !isFolder(path)) {
    throw new BoardError(
      'meaningless',
      `${JSON.stringify(path)} is no folder of the machine: name one that exists, from / on`,
    )
  }
  await chat.pin(path)
  return `Tasks from here are worked on in ${path}`
}
