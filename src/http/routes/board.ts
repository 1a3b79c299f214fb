/** The board as a whole. */

import type { BoardAnswer } from '../../operations/board.ts'
import type { SituationAnswer } from '../../operations/situation.ts'
import type { Route } from '../route.ts'
import type { Serving } from '../serving.ts'
import type { Situation } from '../types.ts'
import { ok } from './ok.ts'

export const boardRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/board',
    operation: 'board',
    query: ['tenant', 'include_archived', 'since', 'identity'],
    answer: 'Board',
    tagged: true,
    shape: shownBoard,
    says:
      'Columns in order. With `since` (and the `identity` of the answer before) only what changed, unless `whole`. ' +
      'The `ETag` changes with every event and with the situation: send it as `If-None-Match`.',
  },
  {
    method: 'get',
    path: '/situation',
    operation: 'situation',
    answer: 'Situation',
    shape: ({ around, ready }: SituationAnswer, serving) => situationOf(around, ready, serving),
    says: 'What changes without events: small, for a page that stays open.',
  },
  {
    method: 'get',
    path: '/search',
    operation: 'search',
    query: ['q', 'tenant', 'include_archived'],
    answer: 'Found',
  },
  { method: 'get', path: '/stats', operation: 'stats', answer: 'Stats' },
  { method: 'get', path: '/assignees', operation: 'assignees', answer: 'Assignees' },
  { method: 'get', path: '/config', operation: 'page_settings', answer: 'PageConfig' },
  {
    method: 'get',
    path: '/links',
    operation: 'graph',
    query: ['task_id'],
    answer: 'Graph',
  },
  {
    method: 'post',
    path: '/links',
    operation: 'link',
    body: ['parent_id', 'child_id'],
    answer: 'Done',
    shape: ok,
  },
  {
    method: 'delete',
    path: '/links',
    operation: 'unlink',
    query: ['parent_id', 'child_id'],
    answer: 'Done',
    shape: ok,
  },
  {
    method: 'post',
    path: '/dispatch',
    operation: 'dispatch',
    query: ['dry_run', 'max'],
    answer: 'Report',
  },
]

async function shownBoard({ around, view }: BoardAnswer, serving: Serving) {
  if (view === undefined) return undefined
  const { ready, ...rest } = view
  return { ...rest, situation: await situationOf(around, ready, serving) }
}

async function situationOf(
  { dispatching, holder, trouble }: BoardAnswer['around'],
  ready: SituationAnswer['ready'],
  serving: Serving,
): Promise<Situation> {
  const gateway = await serving.gateway()
  const warnings = Object.values(gateway?.parts ?? {}).flatMap(({ warning }) => warning ?? [])
  // Of a dispatcher that runs alone, or that a full disk keeps from telling.
  if (trouble !== null && !warnings.some((known) => known.includes(trouble))) warnings.push(trouble)
  return {
    dispatcher: {
      alive: dispatching,
      pid: holder?.pid ?? null,
      since: holder?.since ?? null,
    },
    gateway,
    warnings,
    ready: { held: { ...ready.held }, free: ready.free },
  }
}
