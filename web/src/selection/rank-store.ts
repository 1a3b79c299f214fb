import type { Card } from '../../../src/http/types.ts'
import { createStore } from '../lib/store.ts'

/** The cards for which somebody is choosing a priority; null while nobody is. */
export const ranking = createStore<readonly Card[] | null>(null)
