import type { QueryClient } from '@tanstack/react-query'
import type { Card, Created, TaskAnswer, TaskChange } from '../../../src/http/types.ts'
import { call } from '../api/client.ts'
import { refreshBoard } from '../api/live.ts'
import { line } from '../lib/text.ts'
import { runNow } from '../moves/run-now.ts'
import { say } from '../ui/toast.tsx'
import { goTo } from '../url/place-store.ts'
import { type Form, newTaskOf } from './form.ts'

/** Makes the task and brings it to the column that was asked for. Throws what the server refused. */
export async function submit(board: string | null, form: Form): Promise<Created> {
  const query = { board }
  const made = await call<Created>('/tasks', { method: 'POST', query, body: newTaskOf(form) })
  const { id } = made.task
  const then = changeFor(form)
  if (then !== undefined) {
    await call<TaskAnswer>(`/tasks/${id}`, { method: 'PATCH', query, body: then })
  }
  return made
}

/** Tells of it and, where it is to run, asks for that. */
export async function follow(
  client: QueryClient,
  board: string | null,
  made: Created,
  form: Form,
): Promise<void> {
  const { id, title } = made.task
  await refreshBoard(client, board)
  const words = [made.warning, made.hint].filter(Boolean).join(' ')
  say(`Created: ${line(title)}`, words || undefined, {
    label: 'Open',
    take: () => goTo({ task: id }),
  })
  if (form.status === 'running') await runNow(client, board, made.task as unknown as Card)
}

function changeFor({ status, reason }: Form): TaskChange | undefined {
  if (status === 'blocked') return { status, block_reason: reason }
  return status === 'done' ? { status } : undefined
}
