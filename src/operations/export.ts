import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { z } from 'zod'
import { boardFactsOf } from '../board/boards.ts'
import { entries } from '../board/export/entries.ts'
import { document, sheets } from '../board/export/markdown.ts'
import { fromSnapshot } from '../board/export/snapshot.ts'
import type { BoardFacts } from '../model/board.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import type { Store } from '../store/store.ts'
import { json } from './command/output.ts'
import { isFolder, writeSheets, writeWhole } from './export-file.ts'
import { operation } from './operation.ts'

export const exportBoard = operation({
  name: 'export',
  summary: 'Write the whole board as text: every task, archived ones too.',
  audience: ['person'],
  effect: 'read',
  namesFiles: ['out'],
  input: z.strictObject({
    format: z
      .enum(['jsonl', 'markdown'])
      .default('jsonl')
      .describe('jsonl has everything, a line each; markdown is for people'),
    out: field.words
      .optional()
      .describe('a new file, or a folder; in a folder markdown is a file for each task'),
  }),
  run: async ({ format, out }, { board, environment, signal }) => {
    const { store, slug } = await board()
    const facts = await boardFactsOf(environment.root, slug)
    if (out === undefined) return pieces(textOf(format, store, facts), signal)
    if (!isFolder(out)) return { text: await said(writeWhole(out, textOf(format, store, facts))) }
    return { text: await said(intoFolder(out)) }

    function intoFolder(folder: string): Promise<string> {
      return format === 'markdown'
        ? writeSheets(
            folder,
            fromSnapshot(store, (reader) => sheets(reader, facts)),
          )
        : writeWhole(join(folder, `${slug}.jsonl`), textOf(format, store, facts), { replace: true })
    }

    async function said(written: Promise<string>): Promise<string> {
      return `Exported ${slug} to ${await written}\n`
    }
  },
  command: {
    flags: { format: '--format <format>', out: '--out <path>' },
    examples: ['--out board.jsonl', '--format markdown > board.md'],
    render: ({ text }) => text.replace(/\n$/, ''),
  },
})

/** Whole lines, some at a time. */
function textOf(
  format: 'jsonl' | 'markdown',
  store: Store,
  facts: BoardFacts,
): AsyncIterable<string> {
  if (format === 'markdown') return fromSnapshot(store, (reader) => document(reader, facts))
  return lines(store, facts)
}

async function* lines(store: Store, facts: BoardFacts): AsyncGenerator<string> {
  const { slug, ...words } = facts
  yield `${json({ type: 'board', slug, ...words })}\n`
  for await (const some of fromSnapshot(store, entries)) {
    yield some.map((entry) => `${json(entry)}\n`).join('')
  }
}

/** Stopped half-way it fails, so that nobody takes a part for the whole. */
async function* pieces(texts: AsyncIterable<string>, signal: AbortSignal) {
  for await (const text of texts) {
    if (signal.aborted) {
      throw new BoardError('environment', 'stopped: what has been written is not the whole board')
    }
    yield { text }
    // The driver answers at once: without a turn of the event loop nothing would leave the process.
    await turn()
  }
}
