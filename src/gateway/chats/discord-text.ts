import { neutralise } from '../../lib/text.ts'
import { codeBlock } from './code-block.ts'
import { fit } from './fit.ts'
import type { Button, Message } from './platform.ts'

const limit = 2000

/** From Discord's numbers: text that is a message, links without a picture of their page. */
const suppressEmbeds = 4
const row = 1
const button = 2
const style = { link: 5, plain: 2, main: 1 } as const

/** Every sign that Discord formats by is escaped, nobody is called, and no page is shown. */
export function discordText({ text, columns = false, buttons = [] }: Message) {
  return {
    content: rendered(neutralise(text), columns ? codeBlock : escaped),
    allowed_mentions: { parse: [] },
    flags: suppressEmbeds,
    components: buttons.length === 0 ? [] : [{ type: row, components: buttons.map(component) }],
  }
}

/** The limit is on the text with its escapes. */
function rendered(text: string, render: (text: string) => string): string {
  let room = limit
  for (;;) {
    const shown = render(fit(text, room))
    if (shown.length <= limit) return shown
    room -= shown.length - limit
  }
}

/** Addresses stay as they are: an escape would become a part of them. */
function escaped(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>]+)/)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(/[\\*_~`|<>[\]()#:@-]/g, '\\$&').replace(/^(\s*\d+)\./gm, '$1\\.'),
    )
    .join('')
}

function component(of: Button) {
  const base = { type: button, label: of.label }
  if ('url' in of) return { ...base, style: style.link, url: of.url }
  return {
    ...base,
    style: of.action === 'unblock' ? style.main : style.plain,
    custom_id: of.action,
  }
}
