import { z } from 'zod'
import { readBacklog } from '../board/import/backlog.ts'
import { readBeads } from '../board/import/beads.ts'
import { type Findings, type Taken, takeTracked } from '../board/import/trackers.ts'
import { plural } from '../lib/plural.ts'
import * as field from '../model/fields.ts'
import { noteLines } from './command/view/notes.ts'
import { operation } from './operation.ts'

export const importBacklog = importFrom('backlog', {
  what: 'the folder of Backlog.md, or its repository; it is not changed',
  of: 'Markdown files of Backlog.md',
  read: readBacklog,
  example: '~/src/website --dry-run',
})

export const importBeads = importFrom('beads', {
  what: 'its issues.jsonl, or its repository; it is not changed',
  of: 'issues of beads',
  read: readBeads,
  example: '~/src/website/.beads/issues.jsonl --dry-run',
})

interface Tracker {
  readonly what: string
  readonly of: string
  readonly read: (path: string) => Promise<Findings>
  readonly example: string
}

/** Parked in triage unless it is said otherwise: a plan of another tool must not start workers by itself. */
function importFrom(name: string, { what, of, read, example }: Tracker) {
  return operation({
    name: `import_${name}`,
    summary: `Make tasks of ${of}, parked in triage.`,
    audience: ['person'],
    effect: 'write',
    namesFiles: true,
    input: z.strictObject({
      path: field.words.describe(what),
      release: z.boolean().default(false).describe('let open tasks out of triage at once'),
      dry_run: z.boolean().default(false).describe('only tell what would be taken'),
    }),
    run: async ({ path, release, dry_run }, context) => {
      const source = await read(path)
      const { store, slug } = await context.board()
      const how = { by: context.actor, release, dryRun: dry_run }
      return { source: path, board: slug, dry_run, ...(await takeTracked(store, source, how)) }
    },
    command: {
      positional: { path: '<path>' },
      flags: { release: '--release', dry_run: '--dry-run' },
      json: true,
      examples: [example],
      render: (imported) => lines(imported).join('\n'),
    },
  })
}

interface Imported extends Taken {
  readonly source: string
  readonly board: string
  readonly dry_run: boolean
}

function lines({ source, board, dry_run, tasks, links, comments, here, changed, left }: Imported) {
  const count = Object.keys(tasks).length
  const counts = [plural(count, 'task'), plural(links, 'link'), plural(comments, 'comment')]
  return [
    `${dry_run ? 'Would take' : 'Took'} ${counts.join(', ')} from ${source} onto ${board}`,
    ...(here === 0 ? [] : [`Here already, left as they are: ${here}`]),
    ...noteLines({ changed, left }),
    ...(dry_run ? ['A dry run: nothing was written'] : []),
  ]
}
