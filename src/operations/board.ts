import { z } from 'zod'
import { changesSince } from '../board/changes.ts'
import { identityOf } from '../board/facts.ts'
import { latestEventId } from '../board/history.ts'
import { namesInUse } from '../board/names.ts'
import type { View } from '../board/overview/card-rows.ts'
import { overview } from '../board/overview.ts'
import { cardReasons, type Standing, standing } from '../dispatcher/card-reasons.ts'
import type { Around } from '../dispatcher/surroundings.ts'
import { shortDigest } from '../lib/digest.ts'
import type { Card } from '../model/card.ts'
import * as field from '../model/fields.ts'
import { statusNames } from '../model/status.ts'
import type { Reader } from '../store/store.ts'
import { listProfiles } from '../workers/profile-paths.ts'
import { aroundOf } from './around.ts'
import { operation } from './operation.ts'

const input = z.strictObject({
  tenant: field.line.optional().describe('only tasks of this tenant'),
  include_archived: z.boolean().default(false).describe('archived tasks as well'),
  since: z
    .number()
    .int()
    .min(0)
    .optional()
    .describe('only what changed after this event, where events can still tell'),
  identity: z
    .string()
    .optional()
    .describe('that of the answer before; on another file all is told'),
  known: z.string().optional().describe('the tag of the answer before: nothing more, if it holds'),
})

export interface BoardAnswer {
  /** Another one whenever the answer to the same question would be another. */
  readonly tag: string
  readonly around: Around
  /** Undefined where `known` still holds. */
  readonly view: BoardView | undefined
}

export interface BoardView {
  readonly board: string
  readonly identity: string
  readonly columns: readonly Column[]
  readonly tenants: readonly string[]
  readonly assignees: readonly string[]
  readonly latest_event_id: number
  readonly now: number
  /** False where it is only what changed. */
  readonly whole: boolean
  /** Ids that changed and are not in view, or are gone. */
  readonly left: readonly string[]
  readonly ready: Standing
}

interface Column {
  readonly name: string
  readonly tasks: Card[]
}

export const board = operation({
  name: 'board',
  summary: 'Show the whole board in columns, or what changed on it.',
  audience: ['person'],
  effect: 'read',
  input,
  run: async (asked, context): Promise<BoardAnswer> => {
    const { store, slug } = await context.board()
    const around = await aroundOf(context)
    const profiles = listProfiles(context.environment.root)
    return store.read(async (reader) => {
      const identity = await identityOf(reader)
      const latest = await latestEventId(reader)
      const ready = await standing(reader, slug, around)
      const { known, ...question } = asked
      const tag = digest([identity, latest, question, ready, profiles])
      if (known === tag) return { tag, around, view: undefined }
      const view = await look(reader, slug, asked, identity, around)
      const names = await namesInUse(reader)
      const assignees = [...new Set([...names.assignees, ...profiles])].sort()
      return {
        tag,
        around,
        view: {
          ...{ board: slug, identity, columns: columnsOf(view.cards, asked.include_archived) },
          ...{ tenants: names.tenants, assignees, latest_event_id: latest, now: reader.now },
          ...{ whole: view.whole, left: view.left, ready },
        },
      }
    })
  },
})

interface Look {
  readonly cards: readonly Card[]
  readonly whole: boolean
  readonly left: readonly string[]
}

async function look(
  reader: Reader,
  slug: string,
  { tenant, include_archived: archived, since, identity: before }: z.output<typeof input>,
  identity: string,
  { host }: Around,
): Promise<Look> {
  const isSame = before === undefined || before === identity
  const changes = since === undefined || !isSame ? undefined : await changesSince(reader, since)
  const only = changes && [...changes.changed, ...changes.touched]
  const view: View = { tenant, archived, only }
  const found = await overview(reader, view)
  const reasons = await cardReasons(reader, slug, found, host, only)
  for (const card of found.cards) card.why = reasons.get(card.id) ?? null
  if (changes === undefined) return { cards: found.cards, whole: true, left: [] }
  const there = new Set(found.cards.map(({ id }) => id))
  const left = changes.changed.filter((id) => !there.has(id))
  return { cards: found.cards, whole: false, left }
}

/** In the order of the list of statuses; a word of another program has a column while a task has it. */
function columnsOf(cards: readonly Card[], archived: boolean): Column[] {
  const ours = statusNames.filter((name) => archived || name !== 'archived')
  const columns = new Map(ours.map((name): [string, Column] => [name, { name, tasks: [] }]))
  for (const card of cards) {
    const column = columns.get(card.status) ?? { name: card.status, tasks: [] }
    columns.set(card.status, column)
    column.tasks.push(card)
  }
  return [...columns.values()]
}

function digest(all: unknown): string {
  return shortDigest(JSON.stringify(all), 24)
}
