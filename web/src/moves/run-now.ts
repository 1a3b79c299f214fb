import type { QueryClient } from '@tanstack/react-query'
import type { Card, Report, Shown } from '../../../src/http/types.ts'
import { call, wordsOf } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { refreshBoard } from '../api/live.ts'
import { count, line } from '../lib/text.ts'
import { refuse, say } from '../ui/toast.tsx'

/** One pass of the dispatcher, whether one is alive or not: the same caps and holds. */
async function pass(client: QueryClient, board: string | null): Promise<Report> {
  const report = await call<Report>('/dispatch', { method: 'POST', query: { board } })
  await Promise.all([
    refreshBoard(client, board),
    client.invalidateQueries({ queryKey: keys.situation(board) }),
  ])
  return report
}

/** Asks for a pass, and says what became of this card: nobody but a claim makes it run. */
export async function runNow(client: QueryClient, board: string | null, card: Card): Promise<void> {
  const title = line(card.title)
  try {
    const { spawned } = await pass(client, board)
    if (spawned.some(({ task_id }) => task_id === card.id)) return say(`Started: ${title}`)
    const { task, why } = await call<Shown>(`/tasks/${card.id}`, { query: { board, events: 1 } })
    if (task.status === 'running') say(`Running: ${title}`)
    else refuse(`Not started: ${title}`, `${why.why}.`)
  } catch (error) {
    refuse(`Not started: ${title}`, wordsOf(error))
  }
}

/** A pass for whatever can be started, with what came of it. */
export async function nudge(client: QueryClient, board: string | null): Promise<void> {
  try {
    const report = await pass(client, board)
    say('A pass is done', told(report))
  } catch (error) {
    refuse('No pass was done', wordsOf(error))
  }
}

function told({ spawned, promoted, reclaimed, skipped }: Report): string {
  const parts = [
    spawned.length > 0 && `${count(spawned.length, 'run')} started`,
    promoted > 0 && `${promoted} promoted`,
    reclaimed > 0 && `${reclaimed} reclaimed`,
    skipped.unassigned && `${skipped.unassigned} assigned to nobody`,
    skipped.nonspawnable && `${skipped.nonspawnable} pulled by hand`,
    skipped.capped && `${skipped.capped} beyond a cap`,
    skipped.held && `${skipped.held} held back`,
  ].filter(Boolean)
  return parts.length === 0 ? 'There was nothing to do.' : `${parts.join(', ')}.`
}
