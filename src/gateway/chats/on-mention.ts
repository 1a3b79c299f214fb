import { firstLine, wellFormed } from '../../lib/text.ts'
import { create } from '../../operations/create.ts'
import { perform } from '../../operations/operation.ts'
import { subscribeChat } from '../../operations/slash.ts'
import { listProfiles } from '../../workers/profile-paths.ts'
import { asUser, type Seeing } from './asking.ts'
import { clip } from './fit.ts'
import type { Incoming } from './platform.ts'
import { say } from './say.ts'

interface Mention {
  readonly profile: string
  readonly text: string
}

/** What is asked of which profile; undefined where the message does not begin with the name of one. */
export function mentionIn(text: string, root: string): Mention | undefined {
  const [, name = '', asked = ''] =
    /^\s*@([a-z0-9][a-z0-9_-]{0,63})(?:[\s:,]+)(\S[\s\S]*)$/i.exec(wellFormed(text)) ?? []
  const profile = name.toLowerCase()
  return listProfiles(root).includes(profile) ? { profile, text: asked.trim() } : undefined
}

/** `@profile text`: a task for that profile. */
export async function onMention(
  event: Incoming,
  of: Seeing,
  { profile, text }: Mention,
): Promise<void> {
  const title = clip(firstLine(text), 120)
  const { lines, subject } = await asUser(event, of, {}, async (context) => {
    const made = (await perform(create, { title, body: text, assignee: profile }, context)) as {
      readonly task_id: string
      readonly status: string
      readonly warning?: string
      readonly hint?: string
    }
    const { task_id, status } = made
    const board = (await context.board()).slug
    return {
      subject: { task_id, board },
      lines: [
        `Created ${task_id}  (${status}, assignee=${profile})`,
        ...[made.warning ?? made.hint ?? []].flat(),
        await subscribeChat(task_id, context),
      ],
    }
  })
  await say(event, of, { text: lines.join('\n') }, subject)
}
