import { z } from 'zod'
import { entryTypes } from '../board/export/entries.ts'
import { hermesBoard, isFileOf } from '../board/import/hermes.ts'
import { createDraft, type Report } from '../board/import/report.ts'
import { take } from '../board/import/take.ts'
import { systemClock } from '../lib/clock.ts'
import { plural } from '../lib/plural.ts'
import * as field from '../model/fields.ts'
import { noteLines } from './command/view/notes.ts'
import { operation } from './operation.ts'

export const importHermes = operation({
  name: 'import_hermes',
  summary: 'Take the tasks of another Hermes board onto this one, with their history.',
  audience: ['person'],
  effect: 'write',
  namesFiles: true,
  input: z.strictObject({
    path: field.words.describe('its kanban.db, of any version; it is not changed'),
    dry_run: z.boolean().default(false).describe('only tell what would be taken'),
  }),
  run: async ({ path, dry_run }, context): Promise<Imported> => {
    const { store, slug } = await context.board()
    const about = { source: path, board: slug, dry_run }
    // Opening it has brought it up to date.
    if (isFileOf(store, path)) return { ...about, in_place: true, ...createDraft().report() }
    const source = await hermesBoard(path, systemClock)
    try {
      return {
        ...about,
        in_place: false,
        ...(await take(store, source, {
          dryRun: dry_run,
          onProgress: (rows) => context.progress?.(`${rows} rows`),
        })),
      }
    } finally {
      await source.close()
    }
  },
  command: {
    positional: { path: '<path>' },
    flags: { dry_run: '--dry-run' },
    json: true,
    examples: ['~/.hermes/kanban.db --dry-run'],
    render: (imported) => lines(imported).join('\n'),
  },
})

interface Imported extends Report {
  readonly source: string
  readonly board: string
  readonly dry_run: boolean
  /** The file is this board's own: there was nothing to take. */
  readonly in_place: boolean
}

function lines({ source, board, dry_run, in_place, taken, here, changed, left }: Imported) {
  if (in_place) {
    return [`${source} is the file of board ${board} itself: it is up to date, nothing to take`]
  }
  const counts = entryTypes.map((type) => plural(taken[type], type))
  return [
    `${dry_run ? 'Would take' : 'Took'} ${counts.join(', ')} from ${source} onto ${board}`,
    ...(here === 0 ? [] : [`Here already, left as they are: ${here}`]),
    ...noteLines({ changed, left }),
    ...(dry_run ? ['A dry run: nothing was written'] : []),
  ]
}
