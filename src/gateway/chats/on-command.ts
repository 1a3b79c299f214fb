import { slash } from '../../operations/slash.ts'
import type { Subject } from '../memory/messages.ts'
import { asUser, type Seeing } from './asking.ts'
import type { Incoming } from './platform.ts'
import { say } from './say.ts'

/** `/kanban …`. */
export async function onCommand(event: Incoming, of: Seeing): Promise<void> {
  let created: Subject | undefined
  const onCreated = (subject: Subject): void => {
    created = subject
  }
  const text = await asUser(event, of, { onCreated }, (context) =>
    slash(typed(event.text), context),
  )
  await say(event, of, { text, columns: text.includes('\n') }, created)
}

/** Phones write two hyphens as a dash, and quotation marks as in print. */
export function typed(text: string): string {
  return text.replace(/(?<=^|\s)[—–](?=[a-z])/g, '--').replace(/[“”„]/g, '"')
}
