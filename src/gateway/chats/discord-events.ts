import type { ButtonInteraction, ChatInputCommandInteraction, Message } from 'discord.js'
import type { Incoming } from './platform.ts'
import { typedCommand } from './typed-command.ts'

/** Undefined for what no person has said. */
export function messageEvent(message: Message): Incoming | undefined {
  const { author, client, content, reference, system } = message
  if (author.bot || system) return undefined
  const own = new RegExp(`^\\s*<@!?${client.user.id}>\\s*`)
  const text = content.replace(own, '')
  const command = typedCommand(text)
  const at = spot(message)
  // A thread that was begun from a message has its id.
  const ids = [reference?.messageId, at.thread_id]
  return {
    key: `message:${message.id}`,
    ...at,
    user: { id: author.id, name: author.username },
    kind: command === undefined ? 'message' : 'command',
    text: command ?? text,
    message_id: message.id,
    repliesTo: ids.flatMap((id) => id || []),
    handle: null,
  }
}

export function commandEvent(interaction: ChatInputCommandInteraction): Incoming {
  return {
    key: `command:${interaction.id}`,
    ...spot(interaction),
    user: { id: interaction.user.id, name: interaction.user.username },
    kind: 'command',
    text: interaction.options.getString('text') ?? '',
    message_id: null,
    repliesTo: [],
    handle: `${interaction.applicationId}/${interaction.token}`,
  }
}

export function buttonEvent(interaction: ButtonInteraction): Incoming {
  return {
    key: `button:${interaction.id}`,
    ...spot(interaction),
    user: { id: interaction.user.id, name: interaction.user.username },
    kind: 'button',
    text: interaction.customId,
    message_id: interaction.message.id,
    repliesTo: [],
    handle: null,
  }
}

/** A thread is a channel of its own, below the one that it was begun in. */
function spot({
  channel,
  channelId,
  guildId,
}: Pick<Message | ButtonInteraction, 'channel' | 'channelId' | 'guildId'>) {
  const parent = channel?.isThread() ? channel.parentId : null
  return {
    chat_id: parent ?? channelId,
    thread_id: parent === null ? '' : channelId,
    isPrivate: guildId === null,
  }
}
