/** Started by `crew`; says when it is there. One job a line on its input, one report a line on its output. */

import { createInterface } from 'node:readline'
import { doJob } from './jobs.ts'

process.stdout.write('{}\n')
for await (const line of createInterface(process.stdin)) {
  const { place, job } = JSON.parse(line)
  const answer = await doJob(place, job).then(
    (report) => ({ report }),
    (error) => ({ threw: `${error.code ?? error.name}: ${error.stack}` }),
  )
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
