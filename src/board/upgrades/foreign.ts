import { affinity, type Shape } from './shape.ts'

/**
 * Why a file that has tables is nobody's board, in a few words; undefined for a new file and for a
 * board of any age. A wrong path must not add our tables to the database of another program.
 */
export function foreignness({ tables, views }: Shape): string | undefined {
  const theirs = [...tables.keys()].filter((name) => !name.startsWith('sqlite_'))
  if (theirs.length === 0 || views.has('tasks')) return undefined
  const tasks = tables.get('tasks')
  if (tasks === undefined) return 'it has tables, but none of tasks'
  if (affinity(tasks.get('id')?.type ?? '') === 'integer') return 'its tasks have numbers for ids'
  const missing = ['id', 'title', 'status', 'created_at'].filter((name) => !tasks.has(name))
  return missing.length === 0 ? undefined : `its tasks have no ${missing.join(' and no ')}`
}
