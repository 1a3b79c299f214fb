/** Random walks over board and model side by side. */

import fc from 'fast-check'
import { expect } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import type { stoppedClock } from '../board/support.ts'
import { type Board, emptyBoard } from './board.ts'
import { draws, plans, take } from './commands.ts'
import { emptyModel, type Model } from './model.ts'

export interface Walks {
  readonly walks: number
  /** Steps of the longest; most are half as long, for what could only be refused is left out. */
  readonly longest: number
  /** Whether the invariants are asked for after each step, though the model implies them. */
  readonly invariants: boolean
}

/** Takes them all; resolves with what was answered, as `claim: done`. A failure prints the shortest walk to it. */
export async function walk(
  store: Store,
  clock: ReturnType<typeof stoppedClock>,
  { walks, longest, invariants }: Walks,
): Promise<Set<string>> {
  const answers = new Set<string>()
  const command = draws.map((draw) => ({
    check: (model: Readonly<Model>) => draw.wild || plans[draw.verb].fits(model),
    async run(model: Model, board: Board): Promise<void> {
      answers.add(`${draw.verb}: ${await take(draw, model, board, invariants)}`)
    },
    toString: () => JSON.stringify(draw),
  }))
  const walking = fc.commands([command], { maxCommands: longest, size: 'max' })
  const property = fc.asyncProperty(walking, async (steps) => {
    const { model, real } = await begin(store, clock)
    await fc.asyncModelRun(() => ({ model, real }), steps)
  })
  await fc.assert(property, { numRuns: walks })
  return answers
}

/** Three tasks that wait for each other, so that there is something to begin with. */
async function begin(store: Store, clock: ReturnType<typeof stoppedClock>) {
  const model = emptyModel(clock())
  const real = await emptyBoard({ store, clock })
  for (const n of [1, 2, 3]) {
    await take({ verb: 'create', a: n, b: n, c: n, wild: false }, model, real, false)
  }
  return { model, real }
}

/** That not everything was refused: each verb has been done, and each reason to refuse one was met. */
export function expectVariety(answers: ReadonlySet<string>): void {
  const verbs = [...answers].filter((answer) => answer.endsWith(': done'))
  expect(verbs.sort()).toEqual(
    Object.keys(plans)
      .map((verb) => `${verb}: done`)
      .sort(),
  )
  const refusals = new Set([...answers].map((answer) => answer.split(': ')[1]))
  expect([...refusals].sort()).toEqual([
    'conflict',
    'done',
    'meaningless',
    'not_found',
    'open_parents',
    'phantom_cards',
    'run_ended',
    'still_ending',
    'wrong_status',
  ])
}
