/** The boards of a home. */

import { type BoardFacts, boardWords } from '../../model/board.ts'
import type { Route } from '../route.ts'
import type { Boards } from '../types.ts'

const words = Object.keys(boardWords.shape)

const facts = (board: BoardFacts) => ({ board })

export const boardsRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/boards',
    operation: 'boards_list',
    answer: 'Boards',
    shape: (boards: Boards['boards']) => ({
      boards,
      current: boards.find(({ current }) => current)?.slug ?? 'default',
    }),
  },
  {
    method: 'post',
    path: '/boards',
    operation: 'boards_create',
    body: ['slug', ...words],
    answer: 'BoardAnswer',
    shape: facts,
  },
  {
    method: 'patch',
    path: '/boards/{slug}',
    operation: 'boards_describe',
    body: words,
    answer: 'BoardAnswer',
    shape: facts,
  },
  {
    method: 'delete',
    path: '/boards/{slug}',
    operation: 'boards_rm',
    query: ['delete'],
    answer: 'RemovedBoard',
    says: 'It is put away, with everything in it; `delete=true` deletes it for good.',
  },
  {
    method: 'post',
    path: '/boards/{slug}/switch',
    operation: 'boards_switch',
    body: [],
    answer: 'Switched',
    shape: ({ slug, pinned_by }: { readonly slug: string; readonly pinned_by: string | null }) => ({
      current: slug,
      pinned_by,
    }),
    says: 'The one that is meant where none is named, on the command line too.',
  },
]
