import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newRoot } from '../operations/home.ts'
import { newHome } from './home.ts'

function builtPage(): string {
  const folder = join(newRoot(), 'web')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<!doctype html><div id="root"></div>')
  writeFileSync(join(folder, 'mark.svg'), '<svg/>')
  writeFileSync(join(folder, 'assets', 'index-abc123.js'), 'export {}')
  writeFileSync(join(folder, '..', 'secret.txt'), 'secret')
  return folder
}

test('the page is asked for anew each time, and what has a hash in its name never again', async () => {
  const home = await newHome({ page: builtPage() })
  const age = async (path: string) => {
    const answer = await home.app.request(`http://127.0.0.1:9119${path}`, {
      headers: { host: '127.0.0.1:9119', authorization: `Bearer ${home.access.token()}` },
    })
    return [answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]
  }
  expect(await age('/')).toEqual([200, 'text/html; charset=utf-8', 'private, no-cache'])
  expect(await age('/?task=t_1&lanes=1')).toEqual(await age('/'))
  expect(await age('/mark.svg')).toEqual([200, 'image/svg+xml; charset=utf-8', 'private, no-cache'])
  expect(await age('/assets/index-abc123.js')).toEqual([
    ...[200, 'text/javascript; charset=utf-8', 'private, max-age=31536000, immutable'],
  ])
  for (const path of ['/assets/index-gone.js', '/tasks', '/board/t_1', '/assets/', '/assets']) {
    expect((await age(path))[0], path).toBe(404)
  }
})

test('no path leads out of the folder of the page', async () => {
  const page = builtPage()
  symlinkSync(join(page, '..', 'secret.txt'), join(page, 'assets', 'linked.txt'))
  const home = await newHome({ page })
  const paths = [
    ...['/../secret.txt', '/assets/../../secret.txt', '/assets/%2e%2e/%2e%2e/secret.txt'],
    ...['/..%2fsecret.txt', '/assets/..%2f..%2fsecret.txt', '/assets/..%5c..%5csecret.txt'],
    ...['/%252e%252e/secret.txt', '/assets//../../secret.txt', '/assets/%00', '/%'],
  ]
  for (const path of paths) {
    const answer = await home.app.request(new URL(`http://127.0.0.1:9119${path}`), {
      headers: { host: '127.0.0.1:9119', authorization: `Bearer ${home.access.token()}` },
    })
    expect(answer.status, path).toBe(404)
    expect(await answer.text(), path).not.toContain('secret\n')
  }
})

test('where the page is not built, the API is served and the page says how to build it', async () => {
  const home = await newHome()
  const { status, body } = await home.ask('GET', '/')
  expect(status).toBe(503)
  expect(body).toContain('npm run build')
  expect((await home.ask('GET', '/stats')).status).toBe(200)
})
