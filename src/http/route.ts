/** What a route is: an operation, where each field of its input stands, and what is made of its result. */

import type { z } from 'zod'
import type { AnswerName } from './answers.ts'
import type { Serving } from './serving.ts'

/** Names of fields; where a field has another name here, `{ name: field }`. */
export type Names = readonly string[] | Readonly<Record<string, string>>

export type Method = 'get' | 'post' | 'patch' | 'delete'

export interface Route {
  readonly method: Method
  /** Below `base`; `{field}` for what is named in it. */
  readonly path: string
  readonly operation: string
  readonly query?: Names
  readonly body?: Names
  /** What the route itself asks for. */
  readonly fixed?: Readonly<Record<string, unknown>>
  /** Fields that may be less here than elsewhere, or are said in another way. */
  readonly narrowed?: Readonly<Record<string, z.ZodType>>
  /** The name of its answer among `answers`. */
  readonly answer: AnswerName
  /** The result as it is answered; as it is where left out. */
  readonly shape?: (result: never, serving: Serving) => unknown
  /** Has an answer for each state of the board: sent again only when it is another. */
  readonly tagged?: true
  /** The result goes on: each item is an event of a stream. */
  readonly live?: true
  /** More than the summary of the operation says. */
  readonly says?: string
}

/** Where all routes are: the same as in the other edition, whose clients find them. */
export const base = '/api/plugins/kanban'

/** By the name that is sent, the field that it is. */
export function fieldsOf(names: Names | undefined): ReadonlyMap<string, string> {
  if (names === undefined) return new Map()
  const isList = (some: Names): some is readonly string[] => Array.isArray(some)
  return new Map(isList(names) ? names.map((name) => [name, name]) : Object.entries(names))
}

/** The fields that are named in the path. */
export function pathFields({ path }: Route): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
}
