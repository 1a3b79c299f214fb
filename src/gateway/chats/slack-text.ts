import type { ActionsBlockElement, KnownBlock } from '@slack/web-api'
import { neutralise } from '../../lib/text.ts'
import { codeBlock } from './code-block.ts'
import { fit } from './fit.ts'
import type { Button, Message } from './platform.ts'

/** What Slack asks messages to keep below; it cuts at 40,000. */
const limit = 4000

interface Shown {
  readonly text: string
  readonly mrkdwn: boolean
  readonly parse: 'none'
  readonly link_names: boolean
  readonly unfurl_links: boolean
  readonly unfurl_media: boolean
  readonly blocks?: KnownBlock[]
}

/**
 * Slack reads `<…>` as links and calls of everybody, whatever else is switched off: the three signs are
 * escaped. Formatting is switched off, or kept out by a code block; text in rich text blocks is literal.
 */
export function slackText({ text, columns = false, buttons }: Message): Shown {
  const shown = fit(neutralise(text), limit)
  const plain = {
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  } as const
  if (columns) return { ...plain, text: escaped(codeBlock(shown)), mrkdwn: true }
  const words = { ...plain, text: escaped(shown), mrkdwn: false }
  return buttons === undefined ? words : { ...words, blocks: blocks(shown, buttons) }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function blocks(text: string, buttons: readonly Button[]): KnownBlock[] {
  const words: KnownBlock = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
  }
  return buttons.length === 0
    ? [words]
    : [words, { type: 'actions', elements: buttons.map(blockButton) }]
}

function blockButton(button: Button): ActionsBlockElement {
  const shown = {
    type: 'button' as const,
    text: { type: 'plain_text' as const, text: button.label },
  }
  return 'url' in button
    ? { ...shown, action_id: 'link', url: button.url }
    : { ...shown, action_id: button.action, value: button.action }
}

/** What somebody wrote, as they wrote it: Slack marks links, people and channels, and escapes three signs. */
export function plainText(text: string): string {
  return text
    .replace(
      /<([@#!]?)([^|>]*)(?:\|([^>]*))?>/g,
      (_, mark: string, name: string, label?: string) =>
        mark === '' ? name.replace(/^mailto:/, '') : `${mark === '#' ? '#' : '@'}${label || name}`,
    )
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
