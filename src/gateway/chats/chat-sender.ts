import type { GatewaySettings } from '../../config.ts'
import type { Log } from '../../lib/log.ts'
import type { Store } from '../../store/store.ts'
import { movedTo, noteMove } from '../memory/chats.ts'
import { type Note, wordsFor } from '../notifier/note.ts'
import type { Sender } from '../notifier/senders.ts'
import { isSpokenIn } from './allow.ts'
import type { Button, Platform } from './platform.ts'
import { remembered } from './say.ts'
import { SendError } from './send-error.ts'

/** How the notifier speaks in the chats of a platform: only in those that are on a list. */
export function chatSender(
  platform: Platform,
  memory: Store,
  log: Log,
  settings: () => Promise<GatewaySettings>,
): Sender {
  const { name } = platform
  return {
    async accepts(chat_id) {
      const isOne = await isSpokenIn(name, (await settings())[name], memory, chat_id)
      return isOne ? 'yes' : 'not here'
    },
    async send(note, { chat_id, thread_id }) {
      const text = wordsFor(note)
      const buttons = buttonsFor(note, await settings())
      const subject = { board: note.board, task_id: note.task.id }
      const place = { platform: name, chat_id }
      let to = { chat_id: await memory.read((reader) => movedTo(reader, place)), thread_id }
      const id = await platform.post(to, { text, buttons }).catch(async (error) => {
        if (!(error instanceof SendError)) throw error
        if (error.failure === 'moved') {
          await memory.write((tx) => noteMove(tx, place, error.to))
          to = { ...to, chat_id: error.to }
          return platform.post(to, { text, buttons })
        }
        // Not every platform takes every address: Telegram none without a dot in its host.
        if (error.failure !== 'refused' || !buttons.some((button) => 'url' in button)) throw error
        const sent = await platform.post(to, { text, buttons: buttons.map(withoutAddress) })
        log.warn(`gateway.dashboard_url is no address for a button here: ${error.message}`)
        return sent
      })
      // It was accepted: whatever happens now, it must not be sent again.
      await remembered({ platform, memory }, to, id, subject, text).catch((error) => {
        log.error(`replies to a message about ${note.task.id} will not find it: ${error.message}`)
      })
    },
  }
}

/** Shows the task in the chat. */
const open: Button = { label: 'Open', action: 'open' }

function withoutAddress(button: Button): Button {
  return 'url' in button ? open : button
}

/** Where a person has to do something. */
function buttonsFor(
  { kind, task, board }: Note,
  { dashboard_url: dashboard }: GatewaySettings,
): readonly Button[] {
  if (kind !== 'blocked' && kind !== 'gave_up') return []
  return [
    { label: 'Unblock', action: 'unblock' },
    { label: 'Comment and unblock', action: 'ask' },
    dashboard === null
      ? open
      : { label: 'Open', url: `${dashboard.replace(/\/+$/, '')}/?board=${board}&task=${task.id}` },
  ]
}
