/** What comes from outside, as nobody would write it: a few seconds of each. The long tests go on. */

import { test } from 'vitest'
import { fuzzBytes } from './bytes.ts'
import { fuzzCommandLine } from './command-line.ts'
import { fuzzHttp, fuzzStdio, fuzzTools } from './mcp.ts'
import { quick } from './odd.ts'
import { fuzzProgram } from './program.ts'
import { fuzzRest } from './rest.ts'
import { fuzzRows } from './rows.ts'
import { fuzzShapes } from './shapes.ts'

test('no request makes the dashboard stumble, and the board stays whole', async () => {
  await fuzzRest(quick(80))
})

test('whatever is typed is done, or refused with a sentence and a number', async () => {
  await fuzzCommandLine(quick(200))
})

test('whatever is typed behind the name of the program is done, or refused in a sentence', async () => {
  await fuzzProgram(quick(300))
})

test('whatever an agent gives to a tool is done, or refused with a sentence', async () => {
  await fuzzTools(quick(250))
})

test('an agent that sends no messages at all is borne on stdio', async () => {
  await fuzzStdio(quick(100))
})

test('an agent that sends no messages at all is borne over HTTP', async () => {
  await fuzzHttp(quick(150))
})

test('no row that another program wrote breaks a list', async () => {
  await fuzzRows(quick(25))
})

test('a board file with other bytes is read, or refused with a sentence and left as it is', async () => {
  await fuzzBytes(quick(60))
})

test('a board file of another shape is read, or refused with a sentence and left as it is', async () => {
  await fuzzShapes(quick(30))
})
