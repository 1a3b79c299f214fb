/** Why each of many cards is where it is: what `why` says of one task, for a board at a price that a board can pay. */

import { holds } from '../board/holds.ts'
import { questions } from '../board/overview/said.ts'
import type { Overview } from '../board/overview.ts'
import type { Card, CardReason } from '../model/card.ts'
import type { Reader } from '../store/store.ts'
import { admitAssignee, admitTask, type Reason, type Situation } from './admit.ts'
import { endingRuns, readyCounts } from './candidates.ts'
import type { Host } from './plan.ts'
import type { Around } from './surroundings.ts'
import { blockedWords, freeWords, parkedWords, waitingWords } from './words.ts'

/** What is said of ready tasks by the name of their assignee alone. */
export interface Standing {
  /** By assignee, "" for nobody: what holds back every one of its ready tasks. */
  readonly held: Readonly<Record<string, CardReason>>
  /** Of a ready task that neither this nor a reason of its own holds back. */
  readonly free: string
}

/** Asked again for each answer: it changes with what other boards, profiles and this machine do. */
export async function standing(reader: Reader, board: string, around: Around): Promise<Standing> {
  const here = await situationOf(reader, board, around.host)
  const names = [...(await readyCounts(reader)).keys()]
  const held = names.flatMap((name): [string, CardReason][] => {
    const reason = admitAssignee(name === '' ? here.defaultAssignee : name, here)
    return reason === undefined ? [] : [[name, told(reason)]]
  })
  return { held: Object.fromEntries(held), free: freeWords(around) }
}

/** By id, of those that have one of their own. `only`: the ids that were asked for, where not the whole board was. */
export async function cardReasons(
  reader: Reader,
  board: string,
  { cards, waiting }: Overview,
  host: Host,
  only?: readonly string[],
): Promise<ReadonlyMap<string, CardReason>> {
  const here = await situationOf(reader, board, host)
  const asked = await questions(reader, only)
  const ending = await endingRuns(reader, here.host)
  const reasonOf = (card: Card): CardReason | undefined => {
    switch (card.status) {
      case 'triage':
        return { says: parkedWords, until: null }
      case 'todo':
        return { says: waitingWords(waiting.get(card.id) ?? []), until: null }
      case 'blocked':
        return { says: blockedWords(card, asked.get(card.id) ?? unsigned(card)), until: null }
      case 'ready': {
        const reason = admitTask({ ...card, ending_run: ending.get(card.id) ?? null }, here)
        return reason && told(reason)
      }
      default:
        return undefined
    }
  }
  const found = cards.map((card) => [card.id, reasonOf(card)] as const)
  return new Map(found.flatMap(([id, reason]) => (reason === undefined ? [] : [[id, reason]])))
}

async function situationOf(reader: Reader, board: string, host: Host): Promise<Situation> {
  return { ...host, now: reader.now, board, holds: await holds(reader) }
}

/** Of a block without a comment, as other programs make one. */
function unsigned({ latest_summary }: Card) {
  return latest_summary === null ? undefined : { by: null, text: latest_summary }
}

function told({ says, until }: Reason): CardReason {
  return { says, until: until ?? null }
}
