import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { watchedGateway } from '../../src/gateway/watched-config.ts'
import { logTo } from '../../src/lib/log.ts'
import { newRoot } from '../operations/home.ts'

test('whoever asks while a change is read is told what it says, and what is no good changes nothing', async () => {
  const root = newRoot()
  const said: string[] = []
  const log = logTo({ write: (line: string) => said.push(line) }, { clock: () => 0 })
  const write = (text: string): void => writeFileSync(join(root, 'config.yaml'), text)
  const settings = await watchedGateway(root, log)
  const users = async (times: number) =>
    (await Promise.all(Array.from({ length: times }, settings))).map(
      ({ telegram }) => telegram.allowed_users,
    )
  expect(await users(1)).toEqual([[]])
  write('gateway: { telegram: { allowed_users: [4711] } }\n')
  expect(await users(3)).toEqual([['4711'], ['4711'], ['4711']])
  write('gateway: { telegram: { allowed_users: seven } }\n')
  expect(await users(2)).toEqual([['4711'], ['4711']])
  const told = (words: string) => said.filter((line) => line.includes(words)).length
  expect([told('stay in force'), told('was read again')]).toEqual([1, 1])
})
