import type { Store } from '../../store/store.ts'
import { type Known, recall } from '../memory/messages.ts'
import type { Seeing } from './asking.ts'
import { onButton } from './on-button.ts'
import { onCommand } from './on-command.ts'
import { mentionIn, onMention } from './on-mention.ts'
import { onReply } from './on-reply.ts'
import type { Incoming } from './platform.ts'
import { redact } from './redact.ts'
import { say } from './say.ts'
import { SendError } from './send-error.ts'

/** Does what somebody asked for in a chat, and answers. What is refused is an answer as well. */
export async function see(event: Incoming, of: Seeing): Promise<void> {
  try {
    await does(event, of)
  } catch (error) {
    // Nobody is reached by saying it again.
    if (error instanceof SendError) throw error
    const text = redact(error)
    of.log.warn(`an answer in ${event.chat_id} was an error: ${text}`)
    await say(event, of, { text })
  }
}

async function does(event: Incoming, of: Seeing): Promise<void> {
  if (event.kind === 'button') return onButton(event, of)
  if (event.kind === 'command') return onCommand(event, of)
  const mention = mentionIn(event.text, of.environment.root)
  if (mention !== undefined) return onMention(event, of, mention)
  const known = await repliedTo(event, of.platform.name, of.memory)
  if (known !== undefined) return onReply(event, of, known)
  await say(event, of, { text: hint })
}

const hint =
  'Reply to one of my messages to comment on its task, begin with @<profile> to give it one, or see /kanban help.'

/** Said of what was begun when the gateway was ended: nothing is done twice. */
export async function excuse(event: Incoming, of: Seeing): Promise<void> {
  const what = event.kind === 'command' ? `/kanban ${event.text.trim()}` : event.text
  const text = `I was ended while I did this, and do not know how far I came. Look before you say it again: ${what}`
  await say(event, of, { text })
}

/** Whether a message is meant for us; what people say to each other is none of our business. */
export async function isForUs(
  event: Incoming,
  platform: string,
  memory: Store,
  root: string,
): Promise<boolean> {
  if (event.kind !== 'message' || event.isPrivate) return true
  if (mentionIn(event.text, root) !== undefined) return true
  return (await repliedTo(event, platform, memory)) !== undefined
}

function repliedTo(
  { chat_id, repliesTo }: Incoming,
  platform: string,
  memory: Store,
): Promise<Known | undefined> {
  return memory.read((reader) => recall(reader, { platform, chat_id }, repliesTo))
}
