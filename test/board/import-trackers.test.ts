/** Plans that were made with other tools become tasks of a board. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { newHome } from '../operations/home.ts'

const folder = mkdtempSync(join(tmpdir(), 'hermes-trackers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function repository(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(folder, 'repository-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

function page(facts: Readonly<Record<string, unknown>>, body = ''): string {
  const lines = Object.entries(facts).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  return ['---', ...lines, '---', body].join('\n')
}

const backlog = () =>
  repository({
    'backlog/tasks/task-1 - Search.md': page(
      {
        id: 'TASK-1',
        title: 'Make search fast: 200 ms',
        status: 'To Do',
        assignee: ['@Sara', '@bob'],
        labels: ['web', 'speed'],
        dependencies: ['task-2', 'task-9'],
        priority: 'high',
      },
      '## Description\n\n<!-- SECTION:DESCRIPTION:BEGIN -->\nIt is slow.\n<!-- SECTION:DESCRIPTION:END -->\n',
    ),
    'backlog/tasks/task-2 - Measure.md': page({
      id: 'TASK-2',
      title: 'Measure',
      status: 'In Progress',
      assignee: [],
      dependencies: [],
    }),
    'backlog/tasks/task-1.1 - Index.md': page({
      id: 'TASK-1.1',
      title: 'Add an index',
      status: 'Done',
      parent_task_id: 'TASK-1',
    }),
    'backlog/tasks/notes.md': 'no front matter',
    'backlog/tasks/odd.md': page({ id: 'TASK-7', status: 'To Do' }),
    'backlog/completed/task-3 - Old.md': page({ id: 'TASK-3', title: 'Old', status: 'Done' }),
    'backlog/archive/tasks/task-4 - Gone.md': page({ id: 'TASK-4', title: 'Gone' }),
  })

test('tasks of Backlog.md are parked, done ones are done, and each waits for what it did there', async () => {
  const { run, json } = await newHome()
  const { out } = await run('import', 'backlog', backlog())
  expect(out).toMatch(/^Took 4 tasks, 2 links, 0 comments from .* onto default$/m)
  expect(out).toContain('Changed: task-1: is given to Sara alone, not to bob too')
  expect(out).toContain('Changed: task-1: does not wait for task-9, which is not here')
  expect(out).toContain('Changed: task-2: was in progress there; here nobody works on it')
  expect(out).toContain('Left out: tasks/notes.md: it has no front matter')
  expect(out).toContain('Left out: tasks/odd.md: its front matter cannot be used: title')
  expect(out).toContain('Left out: task-4 - Gone.md: it is archived there')
  const tasks: { id: string; title: string }[] = await json('list')
  const byTitle = Object.fromEntries(tasks.map((task) => [task.title, task]))
  expect(byTitle['Make search fast: 200 ms']).toMatchObject({
    status: 'triage',
    assignee: 'sara',
    priority: 1,
    idempotency_key: 'backlog:task-1',
    body: '## Description\n\nIt is slow.\n\nlabels: web, speed · from: Backlog.md TASK-1',
  })
  expect(byTitle.Measure).toMatchObject({ status: 'triage', assignee: null, priority: 0 })
  expect(byTitle['Add an index']).toMatchObject({ status: 'done' })
  expect(byTitle.Old).toMatchObject({ status: 'done' })
  const { parents } = await json('show', byTitle['Make search fast: 200 ms']?.id ?? '')
  expect(parents.map(({ title }: { title: string }) => title).sort()).toEqual([
    'Add an index',
    'Measure',
  ])
})

test('taken again, only what is new is taken, and a dry run tells the same and writes nothing', async () => {
  const { run, json } = await newHome()
  const root = backlog()
  const dry = await json('import', 'backlog', root, '--dry-run')
  expect(await json('list')).toEqual([])
  const { tasks, ...rest } = await json('import', 'backlog', root)
  expect({ ...rest, dry_run: true }).toEqual({ ...dry, tasks: undefined })
  expect(Object.keys(tasks)).toEqual(Object.keys(dry.tasks))
  await run('archive', tasks['task-2'])
  writeFileSync(
    join(root, 'backlog/tasks/task-5 - New.md'),
    page({ id: 'TASK-5', title: 'New', dependencies: ['TASK-1'] }),
  )
  const again = await json('import', 'backlog', root)
  expect(Object.keys(again.tasks)).toEqual(['task-5'])
  expect(again).toMatchObject({ here: 4, links: 1 })
})

const issues = [
  { id: 'bd-1', title: 'Epic', status: 'open', priority: 1, issue_type: 'epic' },
  {
    id: 'bd-2',
    title: 'First',
    description: 'Begin here.',
    acceptance_criteria: 'It works.',
    status: 'closed',
    close_reason: 'worked',
    priority: 0,
    dependencies: [{ issue_id: 'bd-2', depends_on_id: 'bd-1', type: 'parent-child' }],
    comments: [{ id: 1, author: 'ada', text: 'nice' }],
  },
  {
    id: 'bd-3',
    title: 'Second',
    status: 'blocked',
    priority: 4,
    labels: ['x'],
    dependencies: [
      { depends_on_id: 'bd-2', type: 'blocks' },
      { depends_on_id: 'bd-1', type: 'parent-child' },
      { depends_on_id: 'bd-1', type: 'related' },
    ],
  },
  { id: 'bd-4', title: 'Deleted', status: 'tombstone', priority: 2 },
  { id: 'bd-5', title: '   ', status: 'open', priority: 2 },
]

test('issues of beads come with their comments, an epic waits for its children', async () => {
  const { run, json } = await newHome()
  const lines = [...issues.map((one) => JSON.stringify(one)), 'no JSON', '']
  const root = repository({ '.beads/issues.jsonl': lines.join('\n') })
  const { out } = await run('import', 'beads', root, '--release')
  expect(out).toMatch(/^Took 3 tasks, 3 links, 1 comment from .* onto default$/m)
  expect(out).toContain('Left out: bd-3 -> bd-1: relations of kind related have no place here')
  expect(out).toContain('Left out: bd-4: it is deleted there')
  expect(out).toContain('Left out: line 6: it is no issue')
  expect(out).toMatch(/^Left out: bd-5: cannot take bd-5: title must not be blank$/m)
  const tasks = await json('list')
  expect(
    tasks.map(({ title, status, priority }: Record<string, unknown>) => [title, status, priority]),
  ).toEqual([
    ['First', 'done', 2],
    ['Epic', 'todo', 1],
    ['Second', 'ready', -2],
  ])
  const first = await json('show', tasks[0].id)
  expect(first.task.body).toBe(
    'Begin here.\n\n## Acceptance criteria\n\nIt works.\n\nfrom: beads bd-2',
  )
  expect(first).toMatchObject({
    latest_summary: 'worked',
    comments: [{ author: 'ada', body: 'nice' }],
  })
})

test('what holds no tasks is refused in a sentence', async () => {
  const { run } = await newHome()
  const empty = repository({})
  for (const tracker of ['backlog', 'beads']) {
    const { code, err } = await run('import', tracker, empty)
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^\S+ has no /) })
  }
})

test("a board's own export is no export of beads", async () => {
  const { root, run, create } = await newHome()
  await create('x')
  const file = join(root, 'board.jsonl')
  expect((await run('export', '--out', file)).code).toBe(0)
  const { code, out, err } = await run('import', 'beads', file)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/board\.jsonl is what `hermes kanban export` wrote, not issues of beads/)
})
