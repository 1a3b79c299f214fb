/** What workers may have done, with all its code and of the other operations nothing: a runner holds no more. */

import { assignees } from './assignees.ts'
import { block } from './block.ts'
import { comment } from './comment.ts'
import { complete } from './complete.ts'
import { context } from './context.ts'
import { create } from './create.ts'
import { heartbeat } from './heartbeat.ts'
import { link } from './link.ts'
import { list } from './list.ts'
import { log } from './log.ts'
import type { Operation } from './operation.ts'
import { runs } from './runs.ts'
import { show } from './show.ts'
import { stats } from './stats.ts'
import { why } from './why.ts'

const operations = [
  assignees,
  block,
  comment,
  complete,
  context,
  create,
  heartbeat,
  link,
  list,
  log,
  runs,
  show,
  stats,
  why,
]

export const workerOperations: ReadonlyMap<string, Operation> = new Map(
  operations.map((operation) => [operation.name, operation]),
)

export function workerOperation(name: string): Operation {
  const operation = workerOperations.get(name)
  if (operation === undefined) throw new TypeError(`workers have no operation ${name}`)
  return operation
}
