import { expect, test } from 'vitest'
import { type Level, logTo, silent } from '../../src/lib/log.ts'

function written(level?: Level) {
  const lines: string[] = []
  const noon = Date.UTC(2026, 10, 20, 12, 0, 5) / 1000
  const log = logTo(
    { write: (line) => lines.push(line) },
    { clock: () => noon, ...(level && { level }) },
  )
  return { log, lines }
}

test('a line has time, level, part, message and facts', () => {
  const { log, lines } = written()
  log.part('dispatcher').warn('board is busy', { board: 'default', waited: 31, by: undefined })
  log.info('ready')
  expect(lines).toEqual([
    '2026-11-20T12:00:05Z warn dispatcher board is busy board=default waited=31\n',
    '2026-11-20T12:00:05Z info ready\n',
  ])
})

test('on a terminal a line has the time of day where it stands', () => {
  const lines: string[] = []
  const noon = new Date(2026, 10, 20, 12, 0, 5).getTime() / 1000
  const terminal = { write: (line: string) => lines.push(line), isTTY: true }
  logTo(terminal, { clock: () => noon }).info('ready')
  expect(lines).toEqual(['12:00:05 info ready\n'])
})

test('values with spaces are quoted, errors tell their message', () => {
  const { log, lines } = written()
  log.error('failed', { error: new Error('no such file'), ids: ['a', 'b c'], text: '' })
  expect(lines).toEqual([
    `2026-11-20T12:00:05Z error failed error="no such file" ids=${JSON.stringify('["a","b c"]')} text=""\n`,
  ])
})

test('whatever is logged stays one line that a terminal does not obey', () => {
  const { log, lines } = written()
  log.info('a\nb \x1b[2J', { title: 'x\ny\x1b]0;z\x07' })
  expect(lines).toEqual([`2026-11-20T12:00:05Z info a b ␛[2J title="x\\ny\\u001b]0;z\\u0007"\n`])
})

test('less important levels are left out, and silence is silent', () => {
  const { log, lines } = written('warn')
  log.info('no')
  log.debug('no')
  log.warn('yes')
  silent.part('any').error('no')
  expect(lines).toHaveLength(1)
})
