import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reference } from '../../scripts/reference.ts'
import { profileSettings } from '../../src/config/profile.ts'
import { settings } from '../../src/config/settings.ts'

const folder = join(import.meta.dirname, '../../docs/reference')

test('the reference says what the code says: else run `npm run reference`', {
  timeout: 60_000,
}, async () => {
  const pages = await reference()
  for (const [name, text] of pages)
    expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text)
  const written = readdirSync(folder).filter((name) =>
    readFileSync(join(folder, name), 'utf8').includes('npm run reference'),
  )
  expect(written.sort()).toEqual([...pages.keys()].sort())
})

test('every setting says what it is and what a value of it may be', async () => {
  const page = readFileSync(join(folder, 'config.md'), 'utf8')
  for (const key of Object.keys({ ...settings.shape, ...profileSettings.shape })) {
    expect(page, key).toMatch(
      new RegExp(`^\\| \`kanban\\.${key}\` \\| .* \\| \\S.+ \\| must be .+ \\|$`, 'm'),
    )
  }
})
