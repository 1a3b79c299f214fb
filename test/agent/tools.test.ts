/** The tools of the built-in agent: what each does, and what each refuses. */

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { memoryOf } from '../../src/agent/memory.ts'
import { fetchPage } from '../../src/agent/tools/fetch.ts'
import { fileTools } from '../../src/agent/tools/files.ts'
import { memoryTool } from '../../src/agent/tools/memory.ts'
import { shell } from '../../src/agent/tools/terminal.ts'
import type { Tool } from '../../src/agent/tools/tool.ts'
import { isAlive } from '../../src/lib/process.ts'
import { temporaryFolder } from '../lib/folder.ts'

const { signal } = new AbortController()

function user(tools: readonly Tool[]) {
  return async (name: string, input: object): Promise<string> => {
    const tool = tools.find((one) => one.name === name)
    if (tool === undefined) throw new Error(`no ${name}`)
    return (await tool.run(input, signal)).text
  }
}

describe('files', () => {
  function begin(more: string[] = []) {
    const root = temporaryFolder()
    const folder = join(root, 'desk')
    mkdirSync(folder)
    writeFileSync(join(root, 'secret.txt'), 'not yours')
    const use = user(fileTools({ folder, more, readable: [join(root, 'skills')] }))
    return { root, folder, use }
  }

  test('a file is written with its folders, read in parts, and changed in one place', async () => {
    const { use, folder } = begin()
    expect(await use('write_file', { path: 'a/b.txt', content: 'one\ntwo\nthree\n' })).toContain(
      'wrote 14 bytes to a/b.txt',
    )
    expect(await use('read_file', { path: 'a/b.txt', from_line: 2, lines: 1 })).toBe('two')
    await use('edit_file', { path: 'a/b.txt', old_text: 'two', new_text: '$& and $1' })
    expect(readFileSync(join(folder, 'a/b.txt'), 'utf8')).toBe('one\n$& and $1\nthree\n')
  })

  test('a long file is read in pieces that fit together', async () => {
    const { use, folder } = begin()
    const lines = Array.from({ length: 9000 }, (_, n) => `line ${n} of many`)
    writeFileSync(join(folder, 'long.txt'), lines.join('\n'))
    const first = await use('read_file', { path: 'long.txt' })
    const next = Number(/from_line (\d+)\)$/.exec(first)?.[1])
    const second = await use('read_file', { path: 'long.txt', from_line: next, lines: 1 })
    expect(second).toBe(lines[next - 1])
    expect(first).toContain(lines[next - 3])
  })

  test('an edit that is not clear changes nothing', async () => {
    const { use, folder } = begin()
    writeFileSync(join(folder, 'x'), 'a a')
    const edit = (input: object) => use('edit_file', { path: 'x', new_text: 'b', ...input })
    await expect(edit({ old_text: 'c' })).rejects.toThrow('x is unchanged: old_text is not in it')
    await expect(edit({ old_text: 'a' })).rejects.toThrow('in it 2 times')
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('a a')
    await edit({ old_text: 'a', all: true })
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('b b')
  })

  test('what lies outside is reached by no path and by no link', async () => {
    const { use, root, folder } = begin()
    symlinkSync(root, join(folder, 'up'))
    symlinkSync(join(root, 'new.txt'), join(folder, 'dangling'))
    for (const path of [
      '../secret.txt',
      'up/secret.txt',
      join(root, 'secret.txt'),
      '/etc/passwd',
    ]) {
      await expect(use('read_file', { path })).rejects.toThrow('outside of where files may be read')
      await expect(use('write_file', { path, content: 'x' })).rejects.toThrow('may be written')
      await expect(use('edit_file', { path, old_text: 'not', new_text: 'x' })).rejects.toThrow(
        'outside',
      )
    }
    await expect(use('write_file', { path: 'dangling', content: 'x' })).rejects.toThrow('outside')
    await expect(use('search_files', { folder: '..' })).rejects.toThrow('outside')
    await expect(use('search_files', { files: '../*' })).rejects.toThrow('below folder')
    for (const files of ['**/*', 'up/*', 'up/**/*.txt']) {
      expect(await use('search_files', { files, pattern: 'yours' })).toBe('nothing found')
    }
    expect(readFileSync(join(root, 'secret.txt'), 'utf8')).toBe('not yours')
  })

  test('folders that the profile names may be changed, those of skills only read', async () => {
    const other = temporaryFolder()
    const { use, root } = begin([other])
    mkdirSync(join(root, 'skills'))
    writeFileSync(join(root, 'skills', 'SKILL.md'), 'how')
    await use('write_file', { path: join(other, 'x'), content: 'x' })
    expect(await use('read_file', { path: join(other, 'x') })).toBe('x')
    expect(await use('read_file', { path: join(root, 'skills', 'SKILL.md') })).toBe('how')
    await expect(
      use('write_file', { path: join(root, 'skills', 'SKILL.md'), content: 'x' }),
    ).rejects.toThrow('outside of where files may be written')
  })

  test('files are found by name and by what is in them, without what programs have made', async () => {
    const { use, folder } = begin()
    mkdirSync(join(folder, 'node_modules'))
    for (const name of ['a.ts', 'b.md', 'node_modules/c.ts']) {
      writeFileSync(join(folder, name), 'const tea = 1\n-e is a flag\n')
    }
    expect(await use('search_files', { files: '**/*.ts' })).toBe('a.ts')
    expect(await use('search_files', { pattern: 'te[ab]' })).toBe(
      'a.ts:1:const tea = 1\nb.md:1:const tea = 1',
    )
    expect(await use('search_files', { pattern: '-e is', files: '*.md' })).toContain('b.md:2')
    await expect(use('search_files', { pattern: '(' })).rejects.toThrow('grep')
  })

  test('what is no text is not read', async () => {
    const { use, folder } = begin()
    writeFileSync(join(folder, 'x.bin'), Buffer.from([1, 0, 2]))
    await expect(use('read_file', { path: 'x.bin' })).rejects.toThrow('x.bin is no text file')
    await expect(use('read_file', { path: '.' })).rejects.toThrow('is no file')
    await expect(use('read_file', { path: 'gone' })).rejects.toThrow('there is no file gone')
  })
})

describe('terminal', () => {
  function begin(longest = 60) {
    const folder = temporaryFolder()
    const own = shell({ folder, environment: { PATH: process.env.PATH }, longest })
    onTestFinished(() => own.close())
    return { folder, own, run: (input: object) => own.tool.run(input, signal) }
  }

  test('a command runs in the folder and says how it ended', async () => {
    const { run, folder } = begin()
    expect(await run({ command: 'pwd; echo oops >&2; exit 3' })).toEqual({
      text: `exit code 3\n${folder}\noops`,
      failed: true,
    })
    expect((await run({ command: 'kill -9 $$' })).text).toBe('ended by SIGKILL')
    expect((await run({ command: 'cat' })).text).toBe('exit code 0')
  })

  test('a flood is cut in its middle, and what would be obeyed by a terminal is shown', async () => {
    const { run } = begin()
    const { text } = await run({
      command: 'echo begin; yes | head -c 3000000; printf "\\033[2Jend"',
    })
    expect(text.length).toBeLessThan(40_000)
    expect(text).toMatch(/^exit code 0\nbegin\n/)
    expect(text).toMatch(/␛\[2Jend$/)
    expect(text).toContain('bytes cut')
  })

  test('what takes too long is ended with all that it started', async () => {
    const { run, folder } = begin()
    const command = 'sleep 60 & echo $! > pid; wait'
    const { text, failed } = await run({ command, timeout_seconds: 1 })
    expect({ text, failed }).toEqual({ text: 'ended after 1 seconds, its limit', failed: true })
    expect(isThere(folder)).toBe(false)
  })

  test('what runs in the background goes on, and is ended with the agent', async () => {
    const { run, own, folder } = begin()
    const { text } = await run({ command: 'sleep 60 & echo $! > pid; echo started' })
    expect(text).toBe('exit code 0; something of it is still running\nstarted')
    expect(isThere(folder)).toBe(true)
    await own.close()
    expect(isThere(folder)).toBe(false)
  })

  /** What nobody collects is dead all the same. */
  function isThere(folder: string): boolean {
    return isAlive(Number(readFileSync(join(folder, 'pid'), 'utf8')), null)
  }
})

describe('pages', () => {
  async function serve(answer: (path: string) => { type: string; body: string | Buffer }) {
    const server = createServer((request, response) => {
      const { type, body } = answer(request.url ?? '')
      if (type === 'redirect') response.writeHead(302, { location: String(body) }).end()
      else
        response.writeHead(request.url === '/gone' ? 404 : 200, { 'content-type': type }).end(body)
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    onTestFinished(() => {
      server.close()
      server.closeAllConnections()
    })
    const use = user([fetchPage])
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      get: (input: object) => use('fetch_page', input),
    }
  }

  test('a page is read as text, without its scripts', async () => {
    const body =
      '<html><head><style>x{}</style></head><body><h1>Tea</h1><script>alert(1)</script><p>See <a href="/more">more</a>.</p></body></html>'
    const { get, url } = await serve(() => ({ type: 'text/html; charset=utf-8', body }))
    expect(await get({ url })).toBe('200 OK\n\n# Tea\n\nSee [more](/more).')
  })

  test('a long page is read in pieces, a huge one only at its beginning', async () => {
    const body = Array.from({ length: 10_000 }, (_, n) => `line ${n}`).join('\n')
    const { get, url } = await serve((path) => ({
      type: 'text/plain',
      body: path === '/huge' ? Buffer.alloc(30_000_000, 'x') : body,
    }))
    const first = await get({ url })
    const from = Number(/go on with from (\d+)\)$/.exec(first)?.[1])
    expect(await get({ url, from })).toContain(body.slice(from, from + 100))
    expect(await get({ url: `${url}/huge` })).toContain('(4000000 characters')
  })

  test('what is no page of the web, or no text, is refused in a sentence', async () => {
    const { get, url } = await serve((path) =>
      path === '/there' ? { type: 'redirect', body: '/here' } : { type: 'image/png', body: 'x' },
    )
    await expect(get({ url: 'file:///etc/passwd' })).rejects.toThrow('must begin with http://')
    await expect(get({ url: 'tea' })).rejects.toThrow('no address of the web')
    await expect(get({ url: `${url}/there` })).rejects.toThrow('is image/png, which is no text')
    await expect(get({ url: 'http://127.0.0.1:1/' })).rejects.toThrow(
      /could not be read: .*(ECONNREFUSED|bad port)/,
    )
  })
})

describe('memory', () => {
  test('an entry for a tenant begins with its name, and all of it is there the next time', async () => {
    const folder = temporaryFolder()
    const memory = memoryOf(folder)
    const use = user([memoryTool(memory, 'acme')])
    await use('memory', { action: 'add', entry: 'invoices are in\nnet 30' })
    await use('memory', { action: 'add', entry: 'acme: the logo is blue', file: 'looks' })
    expect(await memoryOf(folder).text()).toBe(
      '## looks\n\n- acme: the logo is blue\n\n## notes\n\n- acme: invoices are in net 30',
    )
    await use('memory', { action: 'replace', old: 'net 30', entry: 'invoices are in net 14' })
    expect(await use('memory', { action: 'read' })).toBe('acme: invoices are in net 14')
    await use('memory', { action: 'remove', old: 'net 14' })
    expect(await use('memory', { action: 'read' })).toBe('notes is empty')
  })

  test('what several workers of one profile keep at once is all kept', async () => {
    const folder = temporaryFolder()
    const workers = ['a', 'b', 'c', 'd'].map(async (entry) =>
      user([memoryTool(memoryOf(folder), undefined)])('memory', { action: 'add', entry }),
    )
    await Promise.all(workers)
    expect((await memoryOf(folder).entries('notes')).sort()).toEqual(['a', 'b', 'c', 'd'])
  })

  test('an entry that is not clear is left alone, and what does not fit is said', async () => {
    const memory = memoryOf(temporaryFolder())
    const use = user([memoryTool(memory, undefined)])
    await use('memory', { action: 'add', entry: 'tea a' })
    await use('memory', { action: 'add', entry: 'tea b' })
    await expect(use('memory', { action: 'remove', old: 'tea' })).rejects.toThrow('2 of its 2')
    await expect(use('memory', { action: 'add', file: '../x', entry: 'y' })).rejects.toThrow('file')
    await expect(use('memory', { action: 'add', entry: 'x'.repeat(2000) })).rejects.toThrow('1000')
    let last = ''
    for (let n = 0; n < 10; n++)
      last = await use('memory', { action: 'add', entry: `${n}`.repeat(990) })
    expect(last).toContain('of which only 8192 are read')
    expect(Buffer.byteLength(await memory.text())).toBeLessThanOrEqual(8192)
  })
})
