import { expect, test } from 'vitest'
import { anyOf, compile, either, join, name, nothing, sql, words } from '../../src/store/sql.ts'

test('a value becomes a parameter, in the way of each database', () => {
  const query = sql`select id from tasks where id = ${'a'} and priority > ${3}`
  expect(compile(query, 'sqlite')).toEqual({
    text: 'select id from tasks where id = ? and priority > ?',
    values: ['a', 3],
  })
  expect(compile(query, 'postgres')).toEqual({
    text: 'select id from tasks where id = $1 and priority > $2',
    values: ['a', 3],
  })
})

test('a query inside a query brings its parameters with it, in order', () => {
  const inner = sql`parent = ${'p'}`
  const query = sql`select ${1} where ${inner} and ${inner} or ${null}`
  expect(compile(query, 'postgres')).toEqual({
    text: 'select $1 where parent = $2 and parent = $3 or $4',
    values: [1, 'p', 'p', null],
  })
})

test('one place in the source may make different texts', () => {
  const find = (one: Parameters<typeof join>[0][number], other: typeof one) =>
    compile(sql`where ${one} and ${other}`, 'sqlite')
  const open = sql`open`
  expect(find('x', open)).toEqual({ text: 'where ? and open', values: ['x'] })
  expect(find(open, 'x')).toEqual({ text: 'where open and ?', values: ['x'] })
  expect(find(open, open)).toEqual({ text: 'where open and open', values: [] })
  expect(find('y', 'z')).toEqual({ text: 'where ? and ?', values: ['y', 'z'] })
  expect(find(sql`a = ${1}`, nothing)).toEqual({ text: 'where a = ? and ', values: [1] })
  expect(find('x', open)).toEqual({ text: 'where ? and open', values: ['x'] })
})

test('words of the source are part of the text, and nothing else is a word', () => {
  const query = sql`status in (${words('ready', 'todo')})`
  expect(compile(query, 'sqlite')).toEqual({ text: "status in ('ready', 'todo')", values: [] })
  expect(() => words("x' or 1=1 --")).toThrow('not a word')
  expect(() => name('tasks; drop table tasks')).toThrow('not a name')
})

test('a choice says to each database what is meant for it', () => {
  const now = either({ sqlite: sql`unixepoch(${1})`, postgres: sql`now()` })
  expect(compile(sql`select ${now}, ${2}`, 'sqlite')).toEqual({
    text: 'select unixepoch(?), ?',
    values: [1, 2],
  })
  expect(compile(sql`select ${now}, ${2}`, 'postgres')).toEqual({
    text: 'select now(), $1',
    values: [2],
  })
})

test('a list of any length is one parameter', () => {
  const { values } = compile(sql`id in ${anyOf(['a', 'b'])}`, 'sqlite')
  expect(values).toEqual(['["a","b"]'])
})

test('parts are joined by what is said, an empty list is nothing', () => {
  expect(compile(sql`(${join([1, 2, 3])})`, 'sqlite').text).toBe('(?, ?, ?)')
  expect(compile(join([sql`a`, sql`b`], ' and '), 'sqlite').text).toBe('a and b')
  expect(compile(sql`(${join([])})`, 'sqlite')).toEqual({ text: '()', values: [] })
})
