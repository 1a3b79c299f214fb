import { appendFileSync, mkdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { base } from '../../src/http/route.ts'
import type { LogPiece } from '../../src/http/types.ts'
import { logPath, rotatedPath } from '../../src/workers/log.ts'
import { make } from '../board/support.ts'
import { newHome } from './home.ts'
import { type Served, serve } from './served.ts'

test('the end of a log is whole lines, and says where it is and whether there is more', async () => {
  const home = await newHome()
  const id = await home.create()
  const { logs } = await home.board()
  const path = logPath(logs, id)
  expect(await home.get(`/tasks/${id}/log`, 'Log')).toEqual({
    ...{ task_id: id, path, exists: false, size_bytes: 0, content: '', truncated: false },
    elsewhere: null,
  })
  mkdirSync(logs, { recursive: true })
  const lines = Array.from({ length: 100 }, (_, n) => `line ${n} é\n`).join('')
  appendFileSync(path, lines)
  const whole = await home.get(`/tasks/${id}/log`, 'Log')
  expect(whole).toMatchObject({
    exists: true,
    size_bytes: Buffer.byteLength(lines),
    truncated: false,
  })
  expect(whole.content).toBe(lines)
  const end = await home.get(`/tasks/${id}/log?tail=25`, 'Log')
  expect(end).toMatchObject({ content: 'line 98 é\nline 99 é\n', truncated: true })
  // What has been rotated away is more, too.
  appendFileSync(rotatedPath(path), 'old\n')
  expect(await home.get(`/tasks/${id}/log`, 'Log')).toMatchObject({
    content: `old\n${lines}`,
    truncated: false,
  })
  const { log } = await home.get(`/tasks/${id}`, 'Shown')
  expect(log).toEqual({ path, exists: true, size_bytes: Buffer.byteLength(lines) })
})

/** What a reader is sent, piece by piece. */
async function* pieces(response: Response): AsyncGenerator<LogPiece> {
  let rest = ''
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    rest += part
    const events = rest.split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) {
      if (event.startsWith('data: ')) yield JSON.parse(event.slice(6))
    }
  }
}

async function streamed(served: Served, more = '') {
  const id = await served.board.store.write((tx) => make(tx))
  mkdirSync(served.board.logs, { recursive: true })
  const path = logPath(served.board.logs, id)
  appendFileSync(path, 'first\nsecond\n')
  const stop = new AbortController()
  const response = await served.fetch(`${base}/tasks/${id}/log/stream${more}`, {
    signal: stop.signal,
  })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  return { id, path, stop, reader: pieces(response) }
}

test('a reader is sent the tail, then whole lines as they are written', async () => {
  const served = await serve()
  const { id, path, reader } = await streamed(served, '?tail=8')
  expect((await reader.next()).value).toEqual({ task_id: id, text: 'second\n' })
  appendFileSync(path, 'third\nfou')
  expect((await reader.next()).value).toEqual({ task_id: id, text: 'third\n' })
  appendFileSync(path, 'rth: "data: x"\n\ndata: y\n')
  let text = ''
  while (text.length < 'fourth: "data: x"\n\ndata: y\n'.length) {
    text += (await reader.next()).value?.text
  }
  expect(text).toBe('fourth: "data: x"\n\ndata: y\n')
  await served.dashboard.close()
  expect((await reader.next().catch(() => ({ done: true }))).done).toBe(true)
})

test('a reader that hangs up leaves nothing behind that would hold the server', async () => {
  const served = await serve()
  const { stop, reader } = await streamed(served)
  await reader.next()
  stop.abort()
  await expect(reader.next()).rejects.toThrow(/abort/)
  await served.dashboard.close()
})
