/**
 * The model of this example: a script for each profile, so that it costs nothing and says the same each time.
 * What it finds out it really reads: from the board, from the pages, from the files of the others' hand-offs.
 */

import { call, inOrder, resultOf, type Script, type Turn } from '../../test/endpoint/scenario.ts'

interface Shown {
  readonly task: { readonly body: string }
  readonly worker_context: string
}

const show = (turn: Turn): Shown => resultOf(turn, 'kanban_show') as Shown

/** Where the task says that the material is. */
const pages = (turn: Turn): string => /https?:\S+?(?=\/?\s|$)/.exec(show(turn).task.body)?.[0] ?? ''

/** Ids of what was created so far. */
function created({ said }: Turn): string[] {
  return said.flatMap((entry) =>
    entry.who === 'tool' && entry.tool === 'kanban_create' ? [JSON.parse(entry.text).task_id] : [],
  )
}

const orchestrator = inOrder(
  call('kanban_show'),
  (turn) =>
    call('kanban_create', {
      title: 'Find out when tea came to Europe',
      assignee: 'historian',
      body: `Read ${pages(turn)}/history.html and hand over when and where tea first came to Europe.`,
    }),
  (turn) =>
    call('kanban_create', {
      title: 'Find out what makes tea green or black',
      assignee: 'botanist',
      body: `Read ${pages(turn)}/botany.html and hand over what the kinds of tea have in common and what not.`,
    }),
  (turn) =>
    call('kanban_create', {
      title: 'Write the text about tea',
      assignee: 'writer',
      body: 'One paragraph for somebody who drinks tea and never asked. Use the findings of both parents, nothing else.',
      parents: created(turn),
    }),
  (turn) =>
    call('kanban_complete', {
      summary:
        'Two questions are answered side by side, history and botany; then the text is written.',
      created_cards: created(turn),
    }),
)

/** Reads the page that the task names, and hands over the sentence that answers it. */
function researcher(page: string, answer: RegExp): Script {
  return inOrder(
    call('kanban_show'),
    (turn) => call('fetch_page', { url: /https?:\S+\.html/.exec(show(turn).task.body)?.[0] }),
    call('kanban_heartbeat', { note: `${page} is read` }),
    (turn) => {
      const fact = answer.exec(String(resultOf(turn, 'fetch_page')))?.[0].replace(/[*_]/g, '')
      return call('write_file', { path: 'findings.md', content: `- ${fact} (${page})\n` })
    },
    call('read_file', { path: 'findings.md' }),
    (turn) => {
      const finding = String(resultOf(turn, 'read_file')).trim().slice(2)
      return call('kanban_complete', {
        summary: finding,
        metadata: { files: ['findings.md'], sources: [page] },
      })
    },
  )
}

const writer = inOrder(
  call('kanban_show'),
  (turn) => {
    const { worker_context } = show(turn)
    const facts = worker_context.match(/^(?:In|The first|Green).*(?= \(\w+\.html\))/gm) ?? []
    return call('write_file', { path: 'tea.md', content: `# Tea\n\n${facts.join(' ')}\n` })
  },
  call('read_file', { path: 'tea.md' }),
  (turn) =>
    call('kanban_complete', {
      summary: 'The text is written: one paragraph, from both findings.',
      result: String(resultOf(turn, 'read_file')),
      metadata: { files: ['tea.md'] },
    }),
)

const scripts: Record<string, Script> = {
  orchestrator,
  historian: researcher('history.html', /The first tea came.*\./),
  botanist: researcher('botany.html', /Green, black.*\./),
  writer,
}

/** A profile is known by the first words of its guidance. */
export const model: Script = (turn) => {
  const name = /You are "(\w+)", a worker/.exec(turn.system)?.[1] ?? ''
  return scripts[name]?.(turn) ?? { text: `I do not know who ${name} is.` }
}
