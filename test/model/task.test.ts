import { expect, test } from 'vitest'
import { BoardError } from '../../src/model/error.ts'
import { parse } from '../../src/model/parse.ts'
import { newTask } from '../../src/model/task.ts'

function made(input: unknown) {
  return parse(newTask, input, 'create a task')
}

function refused(input: unknown): BoardError {
  try {
    made(input)
  } catch (error) {
    if (error instanceof BoardError) return error
    throw error
  }
  throw new Error(`${JSON.stringify(input)} was not refused`)
}

test('every fault of the input is named at once', () => {
  const error = refused({
    title: ' ',
    assignee: 'two\nlines',
    workspace_kind: 'cloud',
    max_runtime_seconds: 0,
    max_retries: 0,
    skills: ['one,two'],
    colour: 'red',
  })
  expect(error.code).toBe('invalid')
  for (const fault of [
    'title must not be blank',
    'assignee must be one line',
    'workspace_kind must be one of scratch, dir, worktree',
    'max_runtime_seconds must be a duration above zero',
    'max_retries must be 1 or more',
    'skills must have no comma',
    'unknown field colour',
  ]) {
    expect(error.message).toContain(fault)
  }
  expect(error.message).toMatch(/^cannot create a task: .+[^.]$/)
  expect(error.message).not.toContain('\n')
})

test('well formed without sense is meaningless, a wrong shape is invalid, and both together are invalid', () => {
  expect(refused({ title: '  ' }).code).toBe('meaningless')
  expect(refused({}).code).toBe('invalid')
  expect(refused({ title: 7 }).code).toBe('invalid')
  expect(refused({ title: ' ', priority: 'high' }).code).toBe('invalid')
  expect(refused('a title').code).toBe('invalid')
})

test('only a title is needed', () => {
  expect(made({ title: ' work ' })).toEqual({
    title: 'work',
    parents: [],
    priority: 0,
    triage: false,
    workspace_kind: 'scratch',
    skills: [],
  })
})

test('lists lose blanks and doubles, and keep their order', () => {
  const { parents, skills } = made({
    title: 'work',
    parents: ['t_b', ' ', 't_a', 't_b '],
    skills: 'one',
  })
  expect(parents).toEqual(['t_b', 't_a'])
  expect(skills).toEqual(['one'])
})

test('an assignee is one line of at most 200 characters, trimmed and in lower case', () => {
  expect(made({ title: 'work', assignee: ' Backend-Eng ' }).assignee).toBe('backend-eng')
  expect(made({ title: 'work', assignee: 'x'.repeat(200) }).assignee).toHaveLength(200)
  expect(refused({ title: 'work', assignee: 'x'.repeat(201) }).message).toContain('200 characters')
  expect(refused({ title: 'work', assignee: 'a\u2028b' }).message).toContain('one line')
})

test('a time limit is a duration above zero; none is none', () => {
  expect(made({ title: 'work', max_runtime_seconds: '90s' }).max_runtime_seconds).toBe(90)
  expect(made({ title: 'work', max_runtime_seconds: 0.5 }).max_runtime_seconds).toBe(1)
  expect(made({ title: 'work', max_runtime_seconds: null }).max_runtime_seconds).toBeNull()
  for (const limit of [0, -1, 'soon', Number.NaN]) {
    expect(refused({ title: 'work', max_runtime_seconds: limit }).code).toBe('invalid')
  }
})

test('a priority is a whole number that every program can keep', () => {
  expect(made({ title: 'work', priority: -7 }).priority).toBe(-7)
  for (const priority of [1.5, 2 ** 53, Number.POSITIVE_INFINITY, '3']) {
    expect(refused({ title: 'work', priority }).message).toContain('priority')
  }
})

test('a folder is for dir, which needs one, and never for scratch', () => {
  expect(refused({ title: 'work', workspace_path: '/tmp' }).message).toContain(
    'workspace_path is for dir and worktree',
  )
  expect(refused({ title: 'work', workspace_kind: 'dir' }).message).toContain(
    'workspace_path is missing',
  )
  expect(made({ title: 'work', workspace_kind: 'worktree' }).workspace_kind).toBe('worktree')
})

test('a fault between fields is named beside a wrong type', () => {
  const { faults } = refused({ title: 7, workspace_kind: 'dir' }).details
  expect(faults).toEqual(['title must be text', 'workspace_path is missing: dir needs a folder'])
})

test('text loses NUL and half characters', () => {
  expect(made({ title: 'a\0b\udc00', body: '\ud83d' })).toMatchObject({
    title: 'ab\ufffd',
    body: '\ufffd',
  })
})
