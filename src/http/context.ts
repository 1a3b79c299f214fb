import { hostname } from 'node:os'
import type { Board } from '../board/board.ts'
import type { Context } from '../operations/operation.ts'
import type { Serving } from './serving.ts'

/** Whoever has the token acts as the person at the page, on the board that the address names. */
export function contextFor(
  serving: Serving,
  slug: string | undefined,
  signal: AbortSignal,
): Context {
  const { environment, config, boards, around, program, pid } = serving
  let board: Promise<Board> | undefined
  return {
    environment,
    board: () => {
      board ??= boards.open(slug)
      return board
    },
    config,
    actor: 'dashboard',
    claimant: { host: hostname(), pid },
    program,
    around,
    signal,
  }
}
