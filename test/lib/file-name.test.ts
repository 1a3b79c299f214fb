import { basename, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { folderOfRun } from '../../src/dispatcher/run-folder.ts'
import { fileName } from '../../src/lib/file-name.ts'
import { oddText } from '../fuzz/odd.ts'

test('an id of ours is its own name', () => {
  for (const id of ['t_1a2b3c4d', 'bd-a3f8.1', 'task-12', '7']) expect(fileName(id)).toBe(id)
})

test('whatever the id is, its name is one name in a folder, and of no other id', () => {
  const names = new Map<string, string>()
  const paths = fc.constantFrom('.', '..', '', '/', '%', '%..', '../..', '../x', 'a\0b', 'a\n', '~')
  fc.assert(
    fc.property(fc.oneof(paths, oddText), (text) => {
      const id = text.toWellFormed()
      const name = fileName(id)
      expect(join('/a', name)).toBe(`/a/${name}`)
      expect(basename(name)).toBe(name)
      expect(names.get(name) ?? id).toBe(id)
      names.set(name, id)
    }),
    { seed: 20_261 },
  )
})

test('the folder of a run lies among the others', () => {
  const folder = (task: string) => folderOfRun('/home', { task, run: 1, lock: 'x' })
  expect(join(folder('../../x'), '..')).toBe(join(folder('t_1'), '..'))
})
