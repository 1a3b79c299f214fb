import { z } from 'zod'
import { openBoard, type Place } from '../board/board.ts'
import { copyBoard } from '../board/copy/copy.ts'
import { assertEmpty } from '../board/copy/write.ts'
import { folders } from '../board/folders.ts'
import type { Shelf } from '../board/shelf.ts'
import { type Environment, isUrl, namedDatabase } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import { plural } from '../lib/plural.ts'
import type { BoardFacts } from '../model/board.ts'
import { BoardError } from '../model/error.ts'
import * as field from '../model/fields.ts'
import { slug as slugOf } from '../model/slug.ts'
import { withoutPassword } from '../store/postgres-error.ts'
import type { Store } from '../store/store.ts'
import { noteLines } from './command/view/notes.ts'
import { operation } from './operation.ts'

export const boardsCopy = operation({
  name: 'boards_copy',
  summary: "Copy a board between this home's files and the database that it uses, as it is.",
  audience: ['person'],
  effect: 'write',
  notForChats: true,
  input: z.strictObject({
    slug: field.line.describe('the board, by its slug'),
    to: z
      .enum(['database', 'files'])
      .describe('database: from a file of this home to the PostgreSQL that is named; files: back'),
    as: field.line.optional().describe('the slug of the copy; the same when left out'),
    dry_run: z.boolean().default(false).describe('only tell what would be copied'),
  }),
  run: async ({ slug, to, as, dry_run }, { environment, progress }): Promise<CopyReport> => {
    const { from, target } = await shelves(environment, to)
    const original = slugOf(slug, 'board')
    const copy = slugOf(as ?? slug, 'board')
    if (!(await from.has(original))) throw noSuchBoard(original, from.placeOf(original))
    const source = await openBoard(from.placeOf(original), systemClock)
    try {
      const about = {
        slug: original,
        copy,
        from: source.store.place,
        to: withoutPassword(target.placeOf(copy).database),
        dry_run,
      }
      const work = async (store: Store | null) => ({
        ...about,
        ...(await copyBoard({
          from: source,
          to: store && { slug: copy, store },
          onProgress: (done, all) => progress?.(`${done} of ${all} rows`),
        })),
      })
      if (dry_run) {
        await assertFree(target, copy)
        return await work(null)
      }
      const facts = { ...(await from.factsOf(original)), slug: copy }
      return await onBoard(target, facts, work)
    } finally {
      await source.store.close()
    }
  },
  command: {
    positional: { slug: '<slug>' },
    flags: { to: '--to <where>', as: '--as <slug>', dry_run: '--dry-run' },
    json: true,
    examples: ['default --to database --dry-run', 'website --to files'],
    render: (report) => lines(report).join('\n'),
    hint: ({ missed, slug, dry_run }) =>
      missed > 0 && !dry_run
        ? `${missed} events came to ${slug} meanwhile and are not in the copy: stop what works on it, remove the copy, and copy again`
        : undefined,
  },
})

interface CopyReport extends Awaited<ReturnType<typeof copyBoard>> {
  readonly slug: string
  readonly copy: string
  readonly from: string
  readonly to: string
  readonly dry_run: boolean
}

async function shelves(
  environment: Environment,
  to: 'database' | 'files',
): Promise<{ from: Shelf; target: Shelf }> {
  const url = await namedDatabase(environment)
  if (url === undefined || !isUrl(url)) {
    throw new BoardError(
      'config',
      'no database is named to copy to or from: set kanban.database in config.yaml, or HERMES_KANBAN_DB, to a postgres:// URL',
    )
  }
  const { schemas } = await import('../board/schemas.ts')
  const [files, database] = [folders(environment), schemas(environment, url)]
  return to === 'database' ? { from: files, target: database } : { from: database, target: files }
}

function noSuchBoard(slug: string, { database }: Place): BoardError {
  return new BoardError(
    'not_found',
    `there is no board ${slug} in ${withoutPassword(database)}: name one that is there`,
  )
}

/** Where it would be refused, a dry run says so. */
async function assertFree(shelf: Shelf, slug: string): Promise<void> {
  if (!(await shelf.isMade(slug))) return
  const { store } = await openBoard(shelf.placeOf(slug), systemClock)
  try {
    await store.read((reader) => assertEmpty(reader, slug))
  } finally {
    await store.close()
  }
}

/** Made where it is missing; one that is there gets the facts with the rows. */
async function onBoard<T>(
  shelf: Shelf,
  facts: BoardFacts,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const isThere = await shelf.has(facts.slug)
  if (!isThere) await shelf.create(facts, systemClock)
  const board = await openBoard(shelf.placeOf(facts.slug), systemClock)
  try {
    const result = await work(board.store)
    if (isThere) await shelf.keep(facts)
    return result
  } finally {
    await board.store.close()
  }
}

const nouns: Readonly<Record<string, string>> = {
  tasks: 'task',
  task_links: 'link',
  task_comments: 'comment',
  task_runs: 'run',
  task_events: 'event',
  kanban_notify_subs: 'subscription',
}

function lines({ slug, copy, from, to, dry_run, rows, changed, left }: CopyReport): string[] {
  const counts = Object.entries(nouns).map(([table, noun]) => plural(rows[table] ?? 0, noun))
  const as = copy === slug ? '' : ` as ${copy}`
  return [
    `${dry_run ? 'Would copy' : 'Copied'} board ${slug}${as} from ${from} to ${to}`,
    counts.join(', '),
    ...noteLines({ changed, left }),
    dry_run ? 'A dry run: nothing was written' : 'The original is as it was',
  ]
}
