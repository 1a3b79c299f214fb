/** What doctor finds wrong with a server that answers. */

import { expect, test } from 'vitest'
import { findingsAbout } from '../../src/cli/doctor/server.ts'
import type { ServerFacts } from '../../src/store/postgres-facts.ts'

const well: ServerFacts = {
  place: 'postgres://kanban@db/kanban',
  version: '16.4',
  major: 16,
  encoding: 'UTF8',
  answersIn: 1.25,
  ahead: 0,
  mayCreate: true,
  connections: { used: 3, most: 100 },
  open: false,
}

test('a server in order is told with how fast it answers and how full it is', () => {
  expect(findingsAbout(well)).toEqual([
    expect.objectContaining({
      level: 'ok',
      says: 'postgres://kanban@db/kanban: PostgreSQL 16.4, answers in 1.3 ms, 3 of 100 connections in use',
    }),
  ])
})

test.each<[string, Partial<ServerFacts>, level: string, says: RegExp, next: RegExp]>([
  ['an old version', { major: 12, version: '12.9' }, 'broken', /PostgreSQL 12\.9/, /version 13/],
  ['another encoding', { encoding: 'LATIN1' }, 'broken', /text as LATIN1/, /encoding UTF8/],
  ['a clock that is ahead', { ahead: 90 }, 'warning', /90 s ahead of that/, /time server/],
  ['a clock that is behind', { ahead: -6 }, 'warning', /6 s behind/, /time server/],
  ['a user without rights', { mayCreate: false }, 'warning', /no schema/, /grant create/],
  ['no room', { connections: { used: 95, most: 100 } }, 'warning', /only 5 of/, /max_connections/],
  ['a way without TLS', { open: true }, 'warning', /read along/, /sslmode=verify-full/],
])('%s is said, with what to do', (_, facts, level, says, next) => {
  expect(findingsAbout({ ...well, ...facts }).at(-1)).toMatchObject({
    level,
    says: expect.stringMatching(says),
    next: expect.stringMatching(next),
  })
})
