import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { z } from 'zod'
import { boardFactsOf } from '../board/boards.ts'
import { entries } from '../board/export/entries.ts'
import { type Inventory, inventory } from '../board/export/inventory.ts'
import { document, sheets } from '../board/export/markdown.ts'
import { fromSnapshot } from '../board/export/snapshot.ts'
import { plural } from '../lib/plural.ts'
import type { BoardFacts } from '../model/board.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import type { Store } from '../store/store.ts'
import { json } from './command/output.ts'
import { isFolder, type NamedText, replaceWhole, writeSheets, writeWhole } from './export-file.ts'
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
    dry_run: z.boolean().default(false).describe('only tell what would be written'),
  }),
  run: async ({ format, out, dry_run }, { board, environment, progress, signal }) => {
    const opened = await board()
    const { store, slug } = opened
    const found = await store.read((reader) => inventory(reader, format))
    if (dry_run) return { text: [`Would export ${counted(found)} of ${slug}`, ...left(found)] }
    const facts = await boardFactsOf(environment.root, opened)
    const texts = textOf(format, store, facts)
    if (out === undefined) return pieces(texts, left(found), signal)
    const path = await written(out)
    return { text: [`Exported ${counted(found)} of ${slug} to ${path}`, ...left(found)] }

    function written(path: string): Promise<string> {
      if (!isFolder(path)) return writeWhole(path, watched(texts))
      return format === 'markdown'
        ? writeSheets(path, watched(fromSnapshot(store, (reader) => sheets(reader, facts))))
        : replaceWhole(join(path, `${slug}.jsonl`), watched(texts))
    }

    async function* watched<T extends string | NamedText>(
      all: AsyncIterable<T>,
    ): AsyncGenerator<T> {
      let size = 0
      for await (const one of all) {
        size += (typeof one === 'string' ? one : one.text).length
        progress?.(`${Math.ceil(size / 1_000_000)} MB`)
        yield one
      }
    }
  },
  command: {
    flags: { format: '--format <format>', out: '--out <path>', dry_run: '--dry-run' },
    examples: ['--out board.jsonl', '--format markdown > board.md', '--dry-run'],
    render: ({ text }) => text.join('\n'),
    hint: ({ besides }: Printed) => besides,
  },
})

interface Printed {
  readonly text: readonly string[]
  /** What is no part of the board's text, where that is what is printed. */
  readonly besides?: string | undefined
}

function counted({ told }: Inventory): string {
  const counts = Object.entries(told).map(([type, n]) => plural(n, type))
  return counts.join(', ')
}

function left({ left: tables }: Inventory): string[] {
  if (tables.length === 0) return []
  const named = tables.map(({ table, rows }) => `${table} (${plural(rows, 'row')})`)
  return [`Left out: ${named.join(', ')}`]
}

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
async function* pieces(
  texts: AsyncIterable<string>,
  besides: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Printed> {
  for await (const text of texts) {
    if (signal.aborted) {
      throw new BoardError('environment', 'stopped: what has been written is not the whole board')
    }
    yield { text: [text.replace(/\n$/, '')] }
    // The driver answers at once: without a turn of the event loop nothing would leave the process.
    await turn()
  }
  yield { text: [], besides: besides[0] }
}
