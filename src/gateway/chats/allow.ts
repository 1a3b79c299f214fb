/** Who is answered, and which chats are spoken in: those on the lists, and nobody where a list is empty. */

import type { PlatformName } from '../../config/platforms.ts'
import type { GatewaySettings } from '../../config.ts'
import type { Store } from '../../store/store.ts'
import { formerIds, userOf } from '../memory/chats.ts'
import type { Incoming } from './platform.ts'

type Lists = GatewaySettings[PlatformName]

/** What would have to be on a list so that the event is answered; nothing when it is. */
export async function missing(
  platform: PlatformName,
  lists: Lists,
  memory: Store,
  event: Incoming,
): Promise<readonly { readonly list: keyof Lists; readonly id: string }[]> {
  const user = event.user.id
  const isUser = lists.allowed_users.includes(user)
  const isChat = event.isPrivate || (await isListed(platform, lists, memory, event.chat_id))
  return [
    ...(isUser ? [] : [{ list: 'allowed_users', id: user } as const]),
    ...(isChat ? [] : [{ list: 'allowed_chats', id: event.chat_id } as const]),
  ]
}

/** Whether a chat is one to send to: on the list, or the private one of a user who is on the other. */
export async function isSpokenIn(
  platform: PlatformName,
  lists: Lists,
  memory: Store,
  chat_id: string,
): Promise<boolean> {
  if (lists.allowed_users.includes(chat_id)) return true
  if (await isListed(platform, lists, memory, chat_id)) return true
  const user = await memory.read((reader) => userOf(reader, { platform, chat_id }))
  return user !== undefined && lists.allowed_users.includes(user)
}

async function isListed(
  platform: PlatformName,
  { allowed_chats: listed }: Lists,
  memory: Store,
  chat_id: string,
): Promise<boolean> {
  if (listed.includes(chat_id)) return true
  const former = await memory.read((reader) => formerIds(reader, { platform, chat_id }))
  return former.some((id) => listed.includes(id))
}
