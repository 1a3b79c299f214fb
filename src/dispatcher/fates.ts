/** What a pass by hand would find over and close before it begins, for a dry run that says the same. */

import type { End } from '../model/end.ts'
import type { LiveRun } from './live.ts'
import type { Looked } from './look.ts'
import { fateOf } from './see-to.ts'

/** A run that nobody looks after any more, and how it will be closed. */
export interface Fate {
  readonly run: LiveRun
  readonly end: End
}

export async function fatesOf(root: string, looked: readonly Looked[]): Promise<Fate[]> {
  const fates: Fate[] = []
  for (const run of looked.flatMap((one) => one.runs)) {
    const end = await fateOf(root, run)
    if (end !== undefined) fates.push({ run, end })
  }
  return fates
}

/** As it is when these have been closed. */
export function without(looked: readonly Looked[], fates: readonly Fate[]): readonly Looked[] {
  if (fates.length === 0) return looked
  const over = new Set(fates.map(({ run }) => run))
  return looked.map((one) => ({ ...one, runs: one.runs.filter((run) => !over.has(run)) }))
}
