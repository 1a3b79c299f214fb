import { z } from 'zod'
import { type Standing, standing } from '../dispatcher/card-reasons.ts'
import type { Around } from '../dispatcher/surroundings.ts'
import { aroundOf } from './around.ts'
import { operation } from './operation.ts'

export interface SituationAnswer {
  readonly around: Around
  readonly ready: Standing
}

export const situation = operation({
  name: 'situation',
  summary: 'Say whether work is started here, and what holds back the tasks of whole assignees.',
  audience: ['person'],
  effect: 'read',
  input: z.strictObject({}),
  run: async (_input, context): Promise<SituationAnswer> => {
    const { store, slug } = await context.board()
    const around = await aroundOf(context)
    return { around, ready: await store.read((reader) => standing(reader, slug, around)) }
  },
})
