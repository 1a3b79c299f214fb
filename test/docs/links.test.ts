import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = ['.', 'docs', 'docs/reference', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, folder, name)),
)

test('every link of the documents leads to something', () => {
  expect(pages.length).toBeGreaterThan(10)
  const dead = pages.flatMap((page) => {
    const prose = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '')
    const links = [...prose.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
    return links
      .map(([, target = '']) => join(dirname(page), target))
      .filter((path) => !existsSync(path))
  })
  expect(dead).toEqual([])
})
