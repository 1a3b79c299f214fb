/** The bundled templates as a fleet: real processes that know the board by their tools alone. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { makeHome } from '../e2e/home.ts'

const program = fileURLToPath(new URL('./worker-program.ts', import.meta.url))
const worker = `${process.execPath} ${program}`

test('an orchestrator plans, the others do it, and each gets what the one before handed over', async () => {
  const home = await makeHome()
  for (const name of ['orchestrator', 'researcher', 'writer', 'reviewer']) {
    const installed = await home.hermes('profile', 'install', name, '--command', worker, '--yes')
    expect(installed, installed.err).toMatchObject({ code: 0 })
  }
  await home.gateway()
  const plan = await home.create('a note on the facts', '--assignee', 'orchestrator')
  await home.comes(plan, 'done')
  const all = JSON.parse((await home.hermes('kanban', 'list', '--json')).out)
  const idOf = (title: string) => all.find((task: { title: string }) => task.title === title).id
  const review = await home.comes(idOf('check the note'), 'done')
  expect(review).toMatchObject({ comments: [{ author: 'reviewer', body: 'read 1' }] })
  expect(review.runs[0]?.metadata).toEqual({ verdict: 'ready' })
  const note = await home.comes(idOf('write the note'), 'done')
  expect(note.latest_summary).toBe('note on facts A and facts B')
  expect(note.task.created_by).toBe('orchestrator')
}, 60_000)

test('a skill that is gone when its task is started fails the start, and says what there is', async () => {
  const home = await makeHome()
  await home.profile('w', 'exit 1')
  const skill = join(home.root, 'skills', 'gone')
  await mkdir(skill, { recursive: true })
  await writeFile(join(skill, 'SKILL.md'), '---\ndescription: d\n---\n')
  const flags = ['--assignee', 'w', '--skill', 'gone', '--max-retries', '1']
  const task = await home.create('x', ...flags)
  await rm(skill, { recursive: true })
  await home.gateway()
  const { events } = await home.comes(task, 'blocked')
  expect(events.find(({ kind }) => kind === 'gave_up')?.payload).toMatchObject({
    trigger_outcome: 'spawn_failed',
    error: expect.stringMatching(
      /w has no skill gone: there are kanban-orchestrator, kanban-worker/,
    ),
  })
  const refused = await home.hermes('kanban', 'create', 'y', ...flags)
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('w has no skill gone') })
}, 60_000)

test('a brief has the skills and the role of its profile', async () => {
  const home = await makeHome()
  await home.profile('w', 'cat > brief.md; hermes kanban complete $HERMES_KANBAN_TASK --summary ok')
  await writeFile(join(home.root, 'profiles', 'w', 'SOUL.md'), 'You are plain.\n')
  await home.gateway()
  const task = await home.create('x', '--assignee', 'w', '--skill', 'kanban-orchestrator')
  await home.comes(task, 'done')
  const brief = await readFile(join(home.board.workspaces, task, 'brief.md'), 'utf8')
  const parts = [
    '# You are a worker',
    '# Your role\n\nYou are plain.',
    '# Skill kanban-worker',
    '# Skill kanban-orchestrator',
    `work kanban task ${task}`,
    '- w (1 running, 0 ready)\n',
  ]
  const places = parts.map((part) => brief.indexOf(part))
  expect(places).not.toContain(-1)
  expect(places).toEqual([...places].sort((a, b) => a - b))
}, 60_000)
