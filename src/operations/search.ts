import { z } from 'zod'
import { search as searchTasks } from '../board/search.ts'
import * as field from '../model/fields.ts'
import { operation } from './operation.ts'

export const search = operation({
  name: 'search',
  summary: 'Find tasks by words in their id, title, text, assignee or summaries.',
  audience: ['person'],
  effect: 'read',
  input: z.strictObject({
    q: field.words.describe('what they say, in any case'),
    tenant: field.line.optional().describe('only tasks of this tenant'),
    include_archived: z.boolean().default(false).describe('archived tasks as well'),
  }),
  run: async ({ q, tenant, include_archived }, context) => {
    const { store } = await context.board()
    const view = { tenant, archived: include_archived }
    return { ids: await store.read((reader) => searchTasks(reader, q, view)) }
  },
})
