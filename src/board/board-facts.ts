/** What is said about a board, as text: in its board.json, or in a row of its schema. */

import { z } from 'zod'
import { jsonIn } from '../lib/json.ts'
import { type BoardFacts, type BoardWords, boardFacts } from '../model/board.ts'

/** A missing or broken text is as good as an empty one, and an odd value counts as none said; the slug is never the text's to say. */
export function factsIn(slug: string, text: string): BoardFacts {
  const known = lenient.safeParse(jsonIn(text)).data ?? {}
  return {
    slug,
    name: slug,
    description: '',
    icon: '',
    color: '',
    created_at: null,
    archived: false,
    default_workdir: null,
    ...said(known),
  }
}

export function textOf(facts: BoardFacts): string {
  return `${JSON.stringify(facts, null, 2)}\n`
}

/** Without what was left out. */
export function said(words: Partial<BoardWords>): Partial<BoardFacts> {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined))
}

const perhaps = <Type extends z.ZodType>(type: Type) => type.optional().catch(undefined)

const lenient = z.object({
  name: perhaps(boardFacts.shape.name),
  description: perhaps(boardFacts.shape.description),
  icon: perhaps(boardFacts.shape.icon),
  color: perhaps(boardFacts.shape.color),
  created_at: perhaps(boardFacts.shape.created_at),
  archived: perhaps(boardFacts.shape.archived),
  default_workdir: perhaps(boardFacts.shape.default_workdir),
})
