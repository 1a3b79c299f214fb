/** The boards of a home. Names of boards are arguments here: which board is current does not matter. */

import { z } from 'zod'
import {
  boardFactsOf,
  createBoard,
  describeBoard,
  removeBoard,
  showBoard,
  switchBoard,
} from '../board/boards.ts'
import { type Environment, isUrl, namedDatabase } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import { boardWords, folder } from '../model/board.ts'
import * as field from '../model/fields.ts'
import { taskAtWork } from './at-work.ts'
import { dateOf } from './command/style.ts'
import { operation } from './operation.ts'

const slug = field.line.describe('the board, by its slug')

export const boardsCreate = operation({
  name: 'boards_create',
  summary: 'Make a board.',
  audience: ['person'],
  effect: 'write',
  notForChats: ['default_workdir'],
  input: boardWords.extend({
    slug: field.line.describe('its name as a folder: a-z, 0-9, - and _'),
  }),
  run: ({ slug: name, ...words }, { environment }) =>
    createBoard(environment, name, words, systemClock),
  command: {
    positional: { slug: '<slug>' },
    flags: {
      name: '--name <text>',
      description: '--description <text>',
      icon: '--icon <sign>',
      color: '--color <colour>',
      default_workdir: '--workdir <path>',
    },
    json: true,
    examples: ['website --name "The website"'],
    render: ({ slug: name }) => `Created board ${name}`,
  },
})

export const boardsShow = operation({
  name: 'boards_show',
  summary: 'Show a board; the current one when none is named.',
  audience: ['operator', 'person'],
  effect: 'read',
  input: z.strictObject({ slug: slug.optional() }),
  run: async ({ slug: name }, { environment, board }) => {
    if (name !== undefined) return showBoard(environment, name)
    const current = await board()
    return { ...(await boardFactsOf(environment.root, current)), database: current.store.place }
  },
  command: {
    positional: { slug: '[slug]' },
    json: true,
    examples: ['website --json'],
    render: (board) =>
      Object.entries(board)
        .filter(([, value]) => value !== '' && value !== null && value !== false)
        .map(([key, value]) =>
          [key.padEnd(15), key === 'created_at' ? dateOf(Number(value)) : value].join('  '),
        )
        .join('\n'),
  },
})

export const boardsSwitch = operation({
  name: 'boards_switch',
  summary: 'Make a board the one that is meant where none is named.',
  audience: ['person'],
  effect: 'write',
  input: z.strictObject({ slug }),
  run: async ({ slug: name }, { environment }) => {
    const current = await switchBoard(environment, name)
    return { slug: current, pinned_by: await pinOf(environment) }
  },
  command: {
    positional: { slug: '<slug>' },
    examples: ['website'],
    render: ({ slug: name }) => `Switched to board ${name}`,
    hint: ({ pinned_by }) =>
      pinned_by === null ? undefined : `${pinned_by} is set here and comes first: unset it`,
  },
})

/** What comes before the pointer to the current board. A server has many boards, and pins none of them. */
async function pinOf(environment: Environment): Promise<string | null> {
  const { database, board } = environment.pins
  const named = await namedDatabase(environment)
  if (named !== undefined && !isUrl(named)) return database ? 'HERMES_KANBAN_DB' : 'kanban.database'
  return board ? 'HERMES_KANBAN_BOARD' : null
}

/** Without a command line, which has a word for each. */
export const boardsDescribe = operation({
  name: 'boards_describe',
  summary: 'Change what is said about a board; its slug stays.',
  audience: ['person'],
  effect: 'write',
  notForChats: ['default_workdir'],
  input: boardWords.extend({ slug }),
  run: ({ slug: which, ...words }, { environment }) => describeBoard(environment, which, words),
})

export const boardsRename = operation({
  name: 'boards_rename',
  summary: 'Give a board another display name; its slug stays.',
  audience: ['person'],
  effect: 'write',
  input: z.strictObject({ slug, name: field.line.describe('the name that people see') }),
  run: ({ slug: which, name }, { environment }) => describeBoard(environment, which, { name }),
  command: {
    positional: { slug: '<slug>', name: '<name...>' },
    examples: ['website The website'],
    render: ({ slug: which, name }) => `Renamed board ${which} to ${name}`,
  },
})

export const boardsSetWorkdir = operation({
  name: 'boards_set_workdir',
  summary: 'Say which repository the worktrees of a board are made of.',
  audience: ['person'],
  effect: 'write',
  notForChats: true,
  input: z.strictObject({
    slug,
    workdir: z
      .union([z.literal('none'), folder], { error: 'must be an absolute path, or none' })
      .describe('the repository, from / or ~/ on; none for no repository'),
  }),
  run: ({ slug: which, workdir }, { environment }) =>
    describeBoard(environment, which, { default_workdir: workdir === 'none' ? null : workdir }),
  command: {
    path: ['boards', 'set-workdir'],
    positional: { slug: '<slug>', workdir: '<path>' },
    examples: ['website ~/src/website'],
    render: ({ slug: which, default_workdir }) =>
      `Set the repository of board ${which} to ${default_workdir ?? 'none'}`,
  },
})

export const boardsRm = operation({
  name: 'boards_rm',
  summary: 'Put a board away, or delete it for good.',
  audience: ['person'],
  effect: 'write',
  notForChats: true,
  input: z.strictObject({
    slug,
    delete: z.boolean().default(false).describe('delete it in place of keeping it in _archived'),
  }),
  run: async (input, { environment }) => {
    const atWork = (name: string) => taskAtWork(environment.root, name)
    const removal = { forGood: input.delete, clock: systemClock, atWork }
    return { slug: input.slug, kept_at: await removeBoard(environment, input.slug, removal) }
  },
  command: {
    positional: { slug: '<slug>' },
    flags: { delete: '--delete' },
    examples: ['website', 'website --delete'],
    render: ({ slug: which, kept_at }) =>
      kept_at === null ? `Deleted board ${which}` : `Archived board ${which}  (${kept_at})`,
  },
})
