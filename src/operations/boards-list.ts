import { z } from 'zod'
import { openBoard, type Place } from '../board/board.ts'
import { listBoards } from '../board/boards.ts'
import { chooseBoard } from '../board/places.ts'
import { stats } from '../board/stats.ts'
import { systemClock } from '../lib/clock.ts'
import type { BoardFacts } from '../model/board.ts'
import { table } from './command/table.ts'
import { operation } from './operation.ts'
import { countsLine } from './stats.ts'

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
    const meant = await chooseBoard(context.environment)
    const all: Listed[] = []
    for (const facts of await listBoards(context.environment)) {
      const place = await chooseBoard(context.environment, facts.slug)
      // A pinned file goes by the name of a board that it is not.
      const current = place.slug === meant.slug && place.database === meant.database
      all.push({ ...facts, current, by_status: await counts(place) })
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
  return countsLine(Object.fromEntries(used)) || 'empty'
}

/** Null for a board that cannot be opened: the others are listed all the same. */
async function counts(place: Place): Promise<Record<string, number> | null> {
  try {
    const board = await openBoard(place, systemClock)
    try {
      return { ...(await board.store.read(stats)).by_status }
    } finally {
      await board.store.close()
    }
  } catch {
    return null
  }
}
