import { getTask } from '../../board/find.ts'
import { comment } from '../../operations/comment.ts'
import { perform } from '../../operations/operation.ts'
import { unblock } from '../../operations/unblock.ts'
import { ask, type Known } from '../memory/messages.ts'
import { asUser, type Seeing } from './asking.ts'
import type { Incoming } from './platform.ts'
import { say } from './say.ts'

/** A reply to something about a task: a comment on it, and with `unblock` the end of its wait. */
export async function onReply(event: Incoming, of: Seeing, known: Known): Promise<void> {
  const { task_id, board } = known
  const { words, resumes } = meantBy(event.text, known.asks)
  const text = await asUser(event, of, { board }, async (context) => {
    const done: string[] = []
    if (words !== '') {
      await perform(comment, { task_id, body: words }, context)
      done.push(`Commented on ${task_id}`)
    }
    if (resumes) {
      const { status } = (await perform(unblock, { task_id }, context)) as { status: string }
      done.push(`Unblocked ${task_id}  (${status})`)
      return done.join('\n')
    }
    const { store } = await context.board()
    const { status } = await store.read((reader) => getTask(reader, task_id))
    return status === 'blocked'
      ? `${done.join('\n')}. It stays blocked: reply “unblock” to let it go on`
      : done.join('\n')
  })
  const place = { platform: of.platform.name, chat_id: event.chat_id }
  if (resumes) await of.memory.write((tx) => ask(tx, place, known, 'nothing'))
  await say(event, of, { text }, known)
}

/** “unblock”, alone or before a colon, a comma or a new line, lets the task go on; the rest is the comment. */
export function meantBy(
  text: string,
  asks: Known['asks'],
): { readonly words: string; readonly resumes: boolean } {
  const said = text.trim()
  const [, rest] = /^unblock[.!]?(?:$|\s*[:,;–—-]\s*|\s*\n)([\s\S]*)$/i.exec(said) ?? []
  if (rest !== undefined) return { words: rest.trim(), resumes: true }
  return { words: said, resumes: asks === 'unblock' }
}
