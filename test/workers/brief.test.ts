import { expect, test } from 'vitest'
import { brief } from '../../src/workers/brief.ts'

const of = {
  task: 't_1a2b3c4d',
  profile: { name: 'writer', description: 'Writes' },
  role: 'You write plainly.',
  skills: [{ name: 'kanban-worker', folder: '/skills/kanban-worker', text: 'How to work.' }],
  workspace: '/w/t_1a2b3c4d',
  context: '# Task t_1a2b3c4d\n\nBody here.\n',
  profiles: [
    { name: 'analyst', description: 'Weighs\nfindings', running: 0, ready: 3 },
    { name: 'writer', description: '', running: 1, ready: 0 },
  ],
}

test('a brief says who one is and how to work, then the task, then who else there is', () => {
  const text = brief(of)
  const parts = [
    '# You are a worker',
    'You write plainly.',
    'kanban-worker (its files are in /skills/kanban-worker)',
    'How to work.',
    'work kanban task t_1a2b3c4d',
    'Body here.',
    '## Profiles that',
  ]
  const places = parts.map((part) => text.indexOf(part))
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(places).not.toContain(-1)
  expect(text).toMatch(
    /- analyst: Weighs findings \(0 running, 3 ready\)\n- writer \(1 running, 0 ready\)\n$/,
  )
})

test('the guidance is short enough to be read and names every tool', () => {
  const guidance = brief(of).split('# Your role')[0] ?? ''
  expect(guidance.length).toBeGreaterThan(1500)
  expect(guidance.length).toBeLessThan(4096)
  for (const tool of ['show', 'complete', 'block', 'heartbeat', 'comment', 'create', 'link']) {
    expect(guidance).toContain(`kanban_${tool}`)
  }
})

test('a role or skill without an end leaves room for the task', () => {
  const text = brief({
    ...of,
    role: 'r'.repeat(1e6),
    skills: [{ ...of.skills[0], text: 's'.repeat(1e6) } as never],
  })
  expect(text.length).toBeLessThan(80_000)
  expect(text).toContain('bytes cut]')
  expect(text).toContain('Body here.')
})

test('without a role nothing is said of one', () => {
  expect(brief({ ...of, role: '' })).not.toContain('# Your role')
})
