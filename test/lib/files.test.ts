import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appendPrivate, privateFolder, writeOnce, writePrivate } from '../../src/lib/files.ts'
import { temporaryFolder } from './folder.ts'
import { program } from './program.ts'

const mode = (path: string) => statSync(path).mode & 0o777

test('a private folder is 0700 all the way down, and what was there keeps its mode', async () => {
  const base = temporaryFolder()
  mkdirSync(join(base, 'theirs'), { mode: 0o755 })
  await privateFolder(join(base, 'theirs', 'a', 'b'))
  await privateFolder(join(base, 'theirs', 'a', 'b'))
  expect(mode(join(base, 'theirs', 'a', 'b'))).toBe(0o700)
  expect(mode(join(base, 'theirs', 'a'))).toBe(0o700)
  expect(mode(join(base, 'theirs'))).toBe(0o755)
})

test('modes do not depend on the umask', async () => {
  const base = temporaryFolder()
  const module = new URL('../../src/lib/files.ts', import.meta.url).href
  const code = `import { appendPrivate, privateFolder, writePrivate } from '${module}'
    await privateFolder('a')
    await writePrivate('a/written', '')
    await appendPrivate('a/appended', '')
    console.log('done')`
  await program('umask 000; cd "$BASE"; "$NODE" --input-type=module -e "$CODE"', {
    BASE: base,
    CODE: code,
    NODE: process.execPath,
  })
  expect(mode(join(base, 'a'))).toBe(0o700)
  expect(mode(join(base, 'a', 'written'))).toBe(0o600)
  expect(mode(join(base, 'a', 'appended'))).toBe(0o600)
})

test('a file is replaced whole, and nothing is left beside it', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'end.json')
  await Promise.all(Array.from({ length: 20 }, (_, i) => writePrivate(path, `${i}`.repeat(9000))))
  const text = readFileSync(path, 'utf8')
  expect(new Set(text.match(/^(\d+?)\1*$/)?.[1]).size).toBeGreaterThan(0)
  expect(readdirSync(folder)).toEqual(['end.json'])
})

test('a file that cannot be put in place leaves nothing behind', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'taken', 'x'), { recursive: true })
  await expect(writePrivate(join(folder, 'taken'), 'text')).rejects.toThrow()
  expect(readdirSync(folder)).toEqual(['taken'])
})

test('of several that write once, one text stands', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'installation')
  await Promise.all(Array.from({ length: 20 }, (_, i) => writeOnce(path, `number ${i}`)))
  const first = readFileSync(path, 'utf8')
  await writeOnce(path, 'later')
  expect(readFileSync(path, 'utf8')).toBe(first)
  expect(first).toMatch(/^number \d+$/)
  expect(readdirSync(folder)).toEqual(['installation'])
})

test('appending adds, and follows no link', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'log')
  await appendPrivate(path, 'a')
  await appendPrivate(path, 'b')
  expect(readFileSync(path, 'utf8')).toBe('ab')
  writeFileSync(join(folder, 'victim'), 'theirs')
  symlinkSync('victim', join(folder, 'link'))
  await expect(appendPrivate(join(folder, 'link'), 'x')).rejects.toThrow('ELOOP')
})

test.skipIf(process.platform !== 'linux')(
  'a folder where none can be made is an error, not a wait',
  async () => {
    await expect(privateFolder('/proc/kanban/x')).rejects.toThrow()
  },
)
