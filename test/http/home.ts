/** A home with everything that is served for it, asked without a port; on either database. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hono } from 'hono'
import pg from 'pg'
import { describe, expect, inject, onTestFinished } from 'vitest'
import type { Board } from '../../src/board/board.ts'
import { environment, readConfig } from '../../src/config.ts'
import { surroundings } from '../../src/dispatcher/surroundings.ts'
import { type Access, createAccess } from '../../src/http/access/access.ts'
import { installationToken } from '../../src/http/access/token.ts'
import { type AnswerName, answers } from '../../src/http/answers.ts'
import { createApp } from '../../src/http/app.ts'
import { keepBoards } from '../../src/http/boards.ts'
import { base } from '../../src/http/route.ts'
import type { Serving } from '../../src/http/serving.ts'
import type { Gateway } from '../../src/http/types.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { logTo } from '../../src/lib/log.ts'
import type { Dialect } from '../../src/store/sql.ts'
import { newRoot } from '../operations/home.ts'

export const port = 9119
export const host = `127.0.0.1:${port}`

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever is answered
type Body = any

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

type Headed = Readonly<Record<string, string>>

export interface Home {
  readonly root: string
  readonly app: Hono
  readonly access: Access
  readonly serving: Serving
  readonly board: () => Promise<Board>
  /** As a script asks. */
  readonly ask: (method: string, path: string, body?: unknown, headers?: Headed) => Promise<Answer>
  /** The body of what must be done, checked against the schema of that name. */
  readonly get: (path: string, as?: AnswerName) => Promise<Body>
  readonly post: (path: string, body: unknown, as?: AnswerName) => Promise<Body>
  readonly patch: (id: string, change: object) => Promise<Body>
  /** The id of a new task. */
  readonly create: (task?: object) => Promise<string>
  /** What the log was told. */
  readonly said: string[]
}

export interface HomeOptions {
  readonly dialect?: Dialect
  readonly clock?: Clock
  readonly gateway?: () => Gateway | null
  readonly page?: string
  readonly hosts?: readonly string[]
}

export async function newHome(options: HomeOptions = {}): Promise<Home> {
  const { dialect = 'sqlite', clock = systemClock, hosts = [] } = options
  const root = newRoot()
  const pins = dialect === 'postgres' ? await newDatabase() : {}
  const facts = environment({
    ...{ HOME: root, HERMES_KANBAN_HOME: root, PATH: process.env.PATH },
    ...pins,
  })
  const said: string[] = []
  const stop = new AbortController()
  const boards = keepBoards(facts, clock)
  const config = async () => (await readConfig(root)).config
  const access = createAccess({ token: await installationToken(root), port, hosts })
  const serving: Serving = {
    environment: facts,
    config,
    log: logTo({ write: (line: string) => said.push(line) }, { clock }),
    boards,
    around: surroundings({ environment: facts, config, boards: boards.all }),
    gateway: async () => options.gateway?.() ?? null,
    access,
    program: [process.execPath, join(import.meta.dirname, '../../src/main.ts')],
    pid: process.pid,
    page: options.page ?? join(root, 'no-page'),
    signal: stop.signal,
  }
  onTestFinished(async () => {
    stop.abort()
    await boards.close()
  })
  const app = createApp(serving)

  const ask: Home['ask'] = async (method, path, body, headers = {}) => {
    const url = path.startsWith('/api/') || path === '/' ? path : `${base}${path}`
    const response = await app.request(`http://${host}${url}`, {
      method,
      headers: {
        ...{ host, authorization: `Bearer ${access.token()}` },
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parsed(text) }
  }

  const doneAs = async (asked: Promise<Answer>, as: AnswerName | undefined): Promise<Body> => {
    const { status, body } = await asked
    expect({ status, body }).toMatchObject({ status: 200 })
    // A schema leaves out what it does not know: nothing is answered that the document does not tell.
    if (as !== undefined) expect(answers[as].parse(body)).toEqual(body)
    return body
  }

  return {
    ...{ root, app, access, serving, said, ask },
    board: () => boards.open(),
    get: (path, as) => doneAs(ask('GET', path), as),
    post: (path, body, as) => doneAs(ask('POST', path, body), as),
    patch: async (id, change) =>
      (await doneAs(ask('PATCH', `/tasks/${id}`, change), 'TaskAnswer')).task,
    create: async (task = {}) =>
      (await doneAs(ask('POST', '/tasks', { title: 'work', ...task }), 'Created')).task.id,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** The same tests on a file and on a schema. Without a PostgreSQL its half is skipped. */
export function forEachDatabase(
  body: (open: (options?: HomeOptions) => Promise<Home>, dialect: Dialect) => void,
): void {
  describe('on SQLite', () => body((options) => newHome(options), 'sqlite'))
  describe.skipIf(inject('pgUrl') === undefined)('on PostgreSQL', () =>
    body((options) => newHome({ ...options, dialect: 'postgres' }), 'postgres'),
  )
}

let databases = 0

/** A database of its own: all that are in one are the boards of one home. */
async function newDatabase(): Promise<Record<string, string>> {
  const url = String(inject('pgUrl'))
  databases += 1
  const name = `http_${process.pid}_${databases}`
  await admin(`create database ${name} template template0 strategy file_copy`)
  onTestFinished(() => admin(`drop database ${name} with (force)`))
  return { HERMES_KANBAN_DB: url.replace('/postgres?', `/${name}?`) }
}

async function admin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: String(inject('pgUrl')) })
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** A profile whose workers run this command; without one nothing is wrong with it, and nothing started. */
export function addProfile(root: string, name: string, more = ''): void {
  const folder = join(root, 'profiles', name)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'config.yaml'), `kanban:\n  command: "true"\n${more}`)
}
