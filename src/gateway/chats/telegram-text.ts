import type { InlineKeyboardButton, MessageEntity } from 'grammy/types'
import { neutralise } from '../../lib/text.ts'
import { fit } from './fit.ts'
import type { Button, Message } from './platform.ts'

const limit = 4096

/**
 * Sent without a parse mode, so that no sign formats. What Telegram would still make a link to a person,
 * `@name`, is marked as code, in which it makes none. It trims texts itself, which would move the marks.
 */
export function telegramText({ text, columns = false, buttons = [] }: Message) {
  const shown = fit(neutralise(text).trim(), limit)
  const all: MessageEntity = { type: 'pre', offset: 0, length: shown.length }
  return {
    text: shown,
    look: {
      entities: columns ? [all] : names(shown),
      link_preview_options: { is_disabled: true },
      ...(buttons.length === 0 ? {} : { reply_markup: { inline_keyboard: [buttons.map(key)] } }),
    },
  }
}

function names(text: string): MessageEntity[] {
  return [...text.matchAll(/@\w+/g)].map(({ index, 0: name }) => ({
    type: 'code',
    offset: index,
    length: name.length,
  }))
}

function key(button: Button): InlineKeyboardButton {
  return 'url' in button
    ? { text: button.label, url: button.url }
    : { text: button.label, callback_data: button.action }
}
