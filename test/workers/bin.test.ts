import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { workerBin } from '../../src/workers/bin.ts'
import { temporaryFolder } from '../lib/folder.ts'

function installation(folder: string, name: string): [string, string] {
  const main = join(folder, `${name} it's "main".mjs`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(main, `console.log('${name}', JSON.stringify(process.argv.slice(2)))`)
  return [process.execPath, main]
}

const run = (bin: string, command: string, ...args: string[]) =>
  execFileSync(join(bin, command), args, { encoding: 'utf8', env: {} }).trim()

test('both programs are this very installation, wherever it lies', async () => {
  const root = temporaryFolder()
  const bin = await workerBin(root, installation(root, 'one'))
  expect(run(bin, 'hermes', 'a b', '$x', "it's")).toBe(`one ["a b","$x","it's"]`)
  expect(run(bin, 'hermes-kanban', 'list')).toBe('one ["kanban","list"]')
  expect(statSync(bin).mode & 0o777).toBe(0o700)
  expect(statSync(join(bin, 'hermes')).mode & 0o777).toBe(0o700)
})

test('the programs stay as they are until the installation moves', async () => {
  const root = temporaryFolder()
  const bin = await workerBin(root, installation(root, 'one'))
  const before = statSync(join(bin, 'hermes')).ino
  await workerBin(root, installation(root, 'one'))
  expect(statSync(join(bin, 'hermes')).ino).toBe(before)
  await workerBin(root, installation(root, 'two'))
  expect(run(bin, 'hermes')).toBe('two []')
})

test('many may make them at once', async () => {
  const root = temporaryFolder()
  const program = installation(root, 'one')
  await Promise.all(Array.from({ length: 20 }, () => workerBin(root, program)))
  const bin = await workerBin(root, program)
  expect(readdirSync(bin).sort()).toEqual(['hermes', 'hermes-kanban'])
  expect(run(bin, 'hermes')).toBe('one []')
})
