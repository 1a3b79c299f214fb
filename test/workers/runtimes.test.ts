import { expect, test } from 'vitest'
import { profileSettings } from '../../src/config/profile.ts'
import { runtimeOf } from '../../src/workers/runtimes.ts'

function launched(settings: Record<string, unknown>) {
  const profile = { ...profileSettings.parse(settings), name: 'p' }
  return runtimeOf(profile).launch(profile, '/run/brief.md')
}

test('a list of words is the program and its arguments', () => {
  expect(launched({ command: ['node', 'work.mjs'], args: ['--fast', 'a b'] })).toEqual({
    argv: ['node', 'work.mjs', '--fast', 'a b'],
    stdin: 'brief',
  })
})

test('one line goes to a shell, with the arguments as its own', () => {
  expect(launched({ runtime: 'command', command: 'cat | tee "$1"', args: ['out.md'] })).toEqual({
    argv: ['/bin/sh', '-c', 'cat | tee "$1"', 'sh', 'out.md'],
    stdin: 'brief',
  })
})

test('a command that names the brief gets it as a file', () => {
  expect(launched({ command: ['agent', '--prompt=@{brief}'] })).toEqual({
    argv: ['agent', '--prompt=@/run/brief.md'],
    stdin: 'closed',
  })
})

test('a runtime that nobody knows is refused with those there are', () => {
  expect(() => launched({ runtime: 'nobody', command: ['x'] })).toThrow('set it to one of command')
})
