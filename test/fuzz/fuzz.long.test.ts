/** The same claims as in the quick tests, on many more examples, and others each time. */

import { test } from 'vitest'
import { fuzzBytes } from './bytes.ts'
import { fuzzCommandLine } from './command-line.ts'
import { fuzzHttp, fuzzStdio, fuzzTools } from './mcp.ts'
import { fuzzProgram } from './program.ts'
import { fuzzRest } from './rest.ts'
import { fuzzRows } from './rows.ts'
import { fuzzShapes } from './shapes.ts'

const claims: readonly (readonly [string, typeof fuzzRest, runs: number])[] = [
  ['requests', fuzzRest, 1000],
  ['command lines', fuzzCommandLine, 3000],
  ['words of the program', fuzzProgram, 2000],
  ['calls of tools', fuzzTools, 4000],
  ['messages on stdio', fuzzStdio, 2000],
  ['messages over HTTP', fuzzHttp, 2000],
  ['rows', fuzzRows, 500],
  ['bytes of a board file', fuzzBytes, 800],
  ['shapes of a board file', fuzzShapes, 200],
]

test.each(claims)(
  'odd %s: done, or refused with a sentence, and nothing is broken',
  async (_, fuzz, runs) => {
    await fuzz({ runs })
  },
)
