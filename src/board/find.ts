import { BoardError } from '../model/error.ts'
import type { Task } from '../model/task.ts'
import { sql } from '../store/sql.ts'
import type { Reader } from '../store/store.ts'
import { notFound } from './move.ts'
import { type TaskRow, taskColumns, taskOf } from './rows.ts'

/** The id that `ref` stands for: itself, or the only id that begins with it. Else `not_found` or `meaningless`. */
export async function findId(reader: Reader, ref: string): Promise<string> {
  const exact = await reader.get<{ id: string }>(sql`select id from tasks where id = ${ref}`)
  if (exact !== undefined) return exact.id
  const found = await reader.all<{ id: string }>(sql`
    select id from tasks where id >= ${ref} and id < ${`${ref}\uffff`} order by id limit 6`)
  const alike = found.filter((task) => task.id.startsWith(ref))
  if (alike.length === 0) throw notFound(ref)
  if (alike[0] !== undefined && alike.length === 1) return alike[0].id
  const ids = [
    ...alike.slice(0, 5).map((task) => task.id),
    ...(alike.length > 5 ? ['…'] : []),
  ].join(', ')
  throw new BoardError('meaningless', `${ref} begins several ids (${ids}): type more of it`)
}

/** As `findId`; what no task begins with stays as it is, for a verb that names all of those together. */
export async function idOr(reader: Reader, ref: string): Promise<string> {
  try {
    return await findId(reader, ref)
  } catch (error) {
    if (error instanceof BoardError && error.code === 'not_found') return ref
    throw error
  }
}

export async function getTask(reader: Reader, id: string): Promise<Task> {
  const row = await reader.get<TaskRow>(sql`select ${taskColumns} from tasks where id = ${id}`)
  if (row === undefined) throw notFound(id)
  return taskOf(row)
}

/** Undefined when the task is gone. Another program may have a status of its own. */
export async function statusOf(reader: Reader, id: string): Promise<string | undefined> {
  const row = await reader.get<{ status: string }>(sql`select status from tasks where id = ${id}`)
  return row?.status
}
