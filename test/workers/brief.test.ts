import { expect, test } from 'vitest'
import { brief } from '../../src/workers/brief.ts'

const of = {
  task: 't_1a2b3c4d',
  profile: { name: 'writer', description: 'Writes' },
  workspace: '/w/t_1a2b3c4d',
  context: '# Task t_1a2b3c4d\n\nBody here.\n',
  profiles: [
    { name: 'analyst', description: 'Weighs\nfindings' },
    { name: 'writer', description: '' },
  ],
}

test('a brief says who one is, then the task, then who else there is', () => {
  const text = brief(of)
  const parts = [
    '# You are a worker',
    'work kanban task t_1a2b3c4d',
    'Body here.',
    '## Profiles that',
  ]
  const places = parts.map((part) => text.indexOf(part))
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(places).not.toContain(-1)
  expect(text).toContain('- analyst: Weighs findings\n- writer\n')
})

test('the guidance is short enough to be read and names every tool', () => {
  const guidance = brief(of).split('work kanban task')[0] ?? ''
  expect(guidance.length).toBeGreaterThan(1500)
  expect(guidance.length).toBeLessThan(4096)
  for (const tool of ['show', 'complete', 'block', 'heartbeat', 'comment', 'create', 'link']) {
    expect(guidance).toContain(`kanban_${tool}`)
  }
})
