import type { z } from 'zod'
import { findId } from '../board/find.ts'
import { bulkChange } from '../model/change.ts'
import { BoardError } from '../model/error.ts'
import { type Context, operation } from './operation.ts'
import { applyChange, asksForSomething } from './update.ts'

interface Result {
  readonly id: string
  readonly ok: boolean
  readonly error?: string
  readonly code?: string
}

export const bulk = operation({
  name: 'bulk',
  summary:
    'Change several tasks alike, each for itself: one that cannot be changed stops no other.',
  audience: ['person'],
  effect: 'write',
  input: bulkChange,
  run: async ({ ids, archive, ...change }, context) => {
    const all = [...new Set(ids)]
    if (all.length === 0) {
      throw new BoardError('meaningless', 'no ids: name the tasks; nothing was changed')
    }
    const { reclaim_first, ...asked } = change
    if (!archive && !reclaim_first && !asksForSomething(asked)) {
      throw new BoardError('meaningless', 'nothing to change: say what, such as status')
    }
    const results: Result[] = []
    for (const id of all) {
      const goal = archive ? { ...change, status: 'archived' } : change
      results.push(await attempt(id, goal, context))
    }
    return { results }
  },
})

type Change = Omit<z.output<typeof bulkChange>, 'ids' | 'archive'>

/** Goes on after a refusal; what is no refusal ends all, for it will not go better with the next. */
async function attempt(
  ref: string,
  { reclaim_first, ...change }: Change,
  context: Context,
): Promise<Result> {
  const { store } = await context.board()
  try {
    await store.write(async (tx) => {
      await applyChange(tx, await findId(tx, ref), change, context, reclaim_first)
    })
    return { id: ref, ok: true }
  } catch (error) {
    if (!(error instanceof BoardError)) throw error
    return { id: ref, ok: false, error: error.message, code: error.code }
  }
}
