/** `node scripts/stories/seed.ts <folder>`: a home with four boards, each of which has something to tell. */

import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createBoard, describeBoard } from '../../src/board/boards.ts'
import { chooseBoard } from '../../src/board/places.ts'
import { environment } from '../../src/config.ts'
import { thisHost } from '../../src/dispatcher/host.ts'
import { type Clock, systemClock } from '../../src/lib/clock.ts'
import { tellFeature } from './feature.ts'
import { tellFleet } from './fleet.ts'
import { tellPipeline } from './pipeline.ts'
import { tellRecovery } from './recovery.ts'
import { openStory, type Teller } from './teller.ts'

interface Story {
  readonly slug: string
  readonly name: string
  readonly tell: (story: Teller) => Promise<void>
}

export const stories: readonly Story[] = [
  { slug: 'default', name: 'Sign-in', tell: tellFeature },
  { slug: 'texts', name: 'Product texts', tell: tellFleet },
  { slug: 'release', name: 'Release 2.4', tell: tellPipeline },
  { slug: 'night', name: 'Night shift', tell: tellRecovery },
]

/** Those that a dispatcher can start, with what their workers say. `anna` and `ops` are lanes of people. */
const profiles: Readonly<Record<string, readonly string[]>> = {
  architect: ['Reading the code'],
  backend: ['Reading docs/sign-in.md', 'Links are issued; redeeming next', '14 of 19 tests pass'],
  frontend: ['Reading the design', 'Both states drawn'],
  writer: ['Reading what is new', '3 of 7 chapters are up to date'],
  tester: ['Setting up both builds', 'Linux: 611 of 1,204', 'Linux: 1,204 of 1,204, macOS next'],
  reviewer: ['Reading the diff'],
  designer: ['Looking at the icons'],
  checker: ['Reading the data sheet', '9 of 14 texts'],
  translator: ['Reading the glossary', '4 of 11 texts'],
  researcher: ['Reading the log'],
  releaser: ['Looking for the key'],
  builder: ['Fetching the toolchain'],
  mover: ['Listing buckets'],
  analyst: ['Reading 48 tables'],
  planner: ['Reading the import'],
}

const limits: Readonly<Record<string, number>> = { checker: 2, translator: 1, mover: 1 }

export async function seed(root: string, clock: Clock = systemClock): Promise<void> {
  const facts = environment({ HOME: root, HERMES_KANBAN_HOME: root })
  await mkdir(root, { recursive: true })
  await writeConfig(root)
  const host = await thisHost(root)
  const repository = await makeRepository(root)
  const now = clock()
  for (const { slug, name, tell } of stories) {
    if (slug !== 'default') await createBoard(facts, slug, { name }, () => now - 48 * 3600)
    const story = await openStory({ place: await chooseBoard(facts, slug), host, now })
    try {
      await tell(story)
    } finally {
      await story.end()
    }
    await describeBoard(facts, slug, { name, default_workdir: repository })
  }
}

/** What the worktrees of these stories are made of. */
async function makeRepository(root: string): Promise<string> {
  const folder = join(root, 'app')
  await mkdir(folder)
  await writeFile(join(folder, 'README.md'), '# app\n')
  const who = ['-c', 'user.name=you', '-c', 'user.email=you@example.org']
  for (const words of [
    ['init', '-q'],
    ['add', '.'],
    [...who, 'commit', '-qm', 'Begin'],
  ]) {
    await promisify(execFile)('git', words, { cwd: folder })
  }
  return folder
}

async function writeConfig(root: string): Promise<void> {
  const kanban = { max_workers: 7, dashboard: true }
  await writeFile(join(root, 'config.yaml'), JSON.stringify({ kanban }))
  const worker = resolve(import.meta.dirname, 'worker.mjs')
  for (const [name, notes] of Object.entries(profiles)) {
    const folder = join(root, 'profiles', name)
    await mkdir(folder, { recursive: true })
    const limit = limits[name]
    const own = {
      command: [process.execPath, worker, ...notes],
      ...(limit === undefined ? {} : { max_concurrent: limit }),
    }
    await writeFile(join(folder, 'config.yaml'), JSON.stringify({ kanban: own }))
  }
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2)
  if (folder === undefined) {
    process.stderr.write('Usage: node scripts/stories/seed.ts <folder>\n')
    process.exitCode = 2
  } else {
    await seed(resolve(folder))
    process.stdout.write(
      `Look at it with: HERMES_KANBAN_HOME=${resolve(folder)} hermes dashboard\n`,
    )
  }
}
