/** The boards of a home. Names of boards are arguments here: which board is current does not matter. */

import { z } from 'zod'
import { openBoard } from '../board/board.ts'
import {
  boardFactsOf,
  createBoard,
  describeBoard,
  listBoards,
  removeBoard,
  switchBoard,
} from '../board/boards.ts'
import { chooseBoard } from '../board/places.ts'
import { stats } from '../board/stats.ts'
import { systemClock } from '../lib/clock.ts'
import { type BoardFacts, boardWords, folder } from '../model/board.ts'
import * as field from '../model/fields.ts'
import { dateOf } from './command/style.ts'
import { table } from './command/table.ts'
import { type Context, operation } from './operation.ts'

const slug = field.line.describe('the board, by its slug')

interface Listed extends BoardFacts {
  readonly current: boolean
  readonly by_status: Readonly<Record<string, number>> | null
}

export const boardsList = operation({
  name: 'boards_list',
  summary: 'List the boards of this home.',
  audience: ['operator', 'person'],
  effect: 'read',
  input: z.strictObject({}),
  run: async (_input, context) => {
    const { slug: current } = await chooseBoard(context.environment)
    const all: Listed[] = []
    for (const facts of await listBoards(context.environment)) {
      const by_status = await counts(context, facts.slug)
      all.push({ ...facts, current: facts.slug === current, by_status })
    }
    return all
  },
  command: {
    json: true,
    render: (boards, _input, style) =>
      table(
        boards.map((board) => [
          { text: board.current ? '*' : ' ' },
          { text: board.slug },
          { text: board.name === board.slug ? '' : board.name },
          { text: countsOf(board) },
        ]),
        style.width,
      ).join('\n'),
  },
})

function countsOf({ by_status }: Listed): string {
  if (by_status === null) return 'cannot be opened'
  const used = Object.entries(by_status).filter(([, count]) => count > 0)
  return used.map(([status, count]) => `${count} ${status}`).join(', ') || 'empty'
}

/** Null for a board that cannot be opened: the others are listed all the same. */
async function counts(context: Context, name: string): Promise<Record<string, number> | null> {
  try {
    const board = await openBoard(await chooseBoard(context.environment, name), systemClock)
    try {
      return { ...(await board.store.read(stats)).by_status }
    } finally {
      await board.store.close()
    }
  } catch {
    return null
  }
}

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
    const { root } = environment
    if (name !== undefined) {
      const place = await chooseBoard(environment, name)
      return { ...(await boardFactsOf(root, place.slug)), database: place.database }
    }
    // As the store says it: a URL without its password.
    const { slug: current, store } = await board()
    return { ...(await boardFactsOf(root, current)), database: store.place }
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
    const { database, board } = environment.pins
    const pin = database ? 'HERMES_KANBAN_DB' : board ? 'HERMES_KANBAN_BOARD' : null
    return { slug: current, pinned_by: pin }
  },
  command: {
    positional: { slug: '<slug>' },
    examples: ['website'],
    render: ({ slug: name }) => `Switched to board ${name}`,
    hint: ({ pinned_by }) =>
      pinned_by === null ? undefined : `${pinned_by} is set here and comes first: unset it`,
  },
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
    const removal = { forGood: input.delete, clock: systemClock }
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
