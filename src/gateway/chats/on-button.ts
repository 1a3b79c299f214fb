import { perform } from '../../operations/operation.ts'
import { slash } from '../../operations/slash.ts'
import { unblock } from '../../operations/unblock.ts'
import { ask, type Known, recall } from '../memory/messages.ts'
import { actorOf, asUser, type Seeing } from './asking.ts'
import type { Action, Incoming } from './platform.ts'
import { insist, say } from './say.ts'

/** A press on a button below something about a task. */
export async function onButton(event: Incoming, of: Seeing): Promise<void> {
  const { platform, memory } = of
  const place = { platform: platform.name, chat_id: event.chat_id }
  const known = await memory.read((reader) => recall(reader, place, [event.message_id ?? '']))
  if (known === undefined) {
    await say(event, of, { text: 'This message is too old for its buttons: use /kanban show <id>' })
    return
  }
  const press = presses[event.text as Action]
  if (press !== undefined) await press(event, of, known)
}

type Press = (event: Incoming, of: Seeing, known: Known) => Promise<void>

const presses: Readonly<Record<Action, Press>> = {
  async unblock(event, of, known) {
    const { task_id, board } = known
    const actor = await actorOf(event, of.platform)
    const after = await asUser(event, of, { board }, (context) =>
      perform(unblock, { task_id }, context),
    ).then(
      () => `▶ ${task_id} unblocked by ${actor}`,
      (error: Error) => error.message,
    )
    await withoutButtons(event, of, known, after)
  },

  async ask(event, of, known) {
    const { memory, platform } = of
    const place = { platform: platform.name, chat_id: event.chat_id }
    await memory.write((tx) => ask(tx, place, known, 'unblock'))
    const text = `Reply here: what you write becomes a comment on ${known.task_id}, and it goes on.`
    await say(event, of, { text, asks: true }, known, 'unblock')
  },

  async open(event, of, known) {
    const { task_id, board } = known
    const text = await asUser(event, of, { board }, (context) => slash(`show ${task_id}`, context))
    await say(event, of, { text, columns: true }, known, known.asks)
  },
}

/** The message stays as it was, with what became of it; where it cannot be changed, that is said below it. */
async function withoutButtons(
  event: Incoming,
  of: Seeing,
  { message_id, said }: Known,
  after: string,
): Promise<void> {
  const text = `${said}\n${after}`
  try {
    await insist(() => of.platform.edit(event, message_id, { text }), of.signal)
  } catch {
    await say(event, of, { text: after })
  }
}
