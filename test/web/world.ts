/** A home with a gateway that dispatches and serves the page, and a real browser to look at it. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest'
import { archive } from '../../src/board/archive.ts'
import { type Board, openBoard } from '../../src/board/board.ts'
import { createBoard } from '../../src/board/boards.ts'
import { create } from '../../src/board/create.ts'
import { chooseBoard } from '../../src/board/places.ts'
import { type Shown, show } from '../../src/board/show.ts'
import { environment } from '../../src/config.ts'
import { type Clock, systemClock } from '../../src/lib/clock.ts'
import { newTask } from '../../src/model/task.ts'
import { sql } from '../../src/store/sql.ts'
import type { Reader } from '../../src/store/store.ts'
import { findChromium } from '../../tools/chromium.mjs'

const main = resolve('src/main.ts')
const executablePath = findChromium()

/** Without a browser there is nothing to be seen. */
export const isBlind = executablePath === undefined

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

export interface World {
  readonly root: string
  readonly url: () => string
  readonly browser: () => Browser
  /** `hermes <words>`; resolves with what it printed, throws where it fails. */
  hermes(...words: string[]): Promise<string>
  /** A profile whose workers run this shell script. */
  profile(name: string, script: string, settings?: Record<string, unknown>): Promise<void>
  /** A board of its own, so that no test sees the cards of another. */
  desk(): Promise<Desk>
  /** A window of somebody who may see the boards. What its console complains about fails the test, but for what is expected. */
  window(options?: BrowserContextOptions, expected?: RegExp): Promise<Page>
  endGateway(): Promise<void>
  startGateway(): Promise<void>
  /** In place of the gateway: the page, and nobody who dispatches. `endGateway` ends it. */
  startDashboard(): Promise<void>
}

export interface Desk {
  readonly slug: string
  readonly board: Board
  /** The address of the page with this board, and more of a query. */
  at(query?: string): string
  make(title: string, more?: Record<string, unknown>): Promise<string>
  /** As `make`, on a clock of its own. */
  madeAt(time: number, title: string, more?: Record<string, unknown>): Promise<string>
  show(id: string): Promise<Shown>
  /** Waits until the task is in this status. */
  comes(id: string, status: string): Promise<void>
  until<T>(look: (reader: Reader) => Promise<T | undefined | false>): Promise<T>
}

/** To be called once at the top of a file: its tests share the gateway and the browser. */
export function useWorld(config: Record<string, unknown> = {}, page: Record<string, unknown> = {}) {
  let root = ''
  let url = ''
  let link = ''
  let browser: Browser
  let gateway: ChildProcess | undefined
  const boards: Board[] = []

  const env = () => ({ ...process.env, HERMES_KANBAN_HOME: root, NO_COLOR: '1' })
  const facts = () => environment({ HOME: root, HERMES_KANBAN_HOME: root })

  async function startGateway(): Promise<void> {
    const child = spawn(process.execPath, [main, 'gateway', 'run'], {
      env: env(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    gateway = child
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (part) => {
      said += part
    })
    await until(async () => {
      if (child.exitCode !== null) throw new Error(said)
      const printed = await hermes('gateway', 'status').catch(() => '')
      return printed.includes('dashboard   on')
    })
    const printed = await hermes('dashboard', '--no-open')
    link = /http:\S+/.exec(printed)?.[0] ?? ''
    url = new URL(link).origin
  }

  async function startDashboard(): Promise<void> {
    const child = spawn(process.execPath, [main, 'dashboard', '--no-open'], {
      env: env(),
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    gateway = child
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (part) => {
      said += part
    })
    link = await until(async () => {
      if (child.exitCode !== null) throw new Error(said)
      return /http:\S+(?=\s)/.exec(said)?.[0]
    })
    url = new URL(link).origin
  }

  async function endGateway(): Promise<void> {
    if (gateway === undefined || gateway.exitCode !== null) return
    const gone = once(gateway, 'exit')
    gateway.kill('SIGTERM')
    await gone
  }

  async function hermes(...words: string[]): Promise<string> {
    const child = spawn(process.execPath, [main, ...words], { env: env(), cwd: root })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (part) => {
      out += part
    })
    child.stderr.setEncoding('utf8').on('data', (part) => {
      err += part
    })
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(err)
    return out
  }

  beforeAll(async () => {
    if (isBlind) return
    root = await mkdtemp(join(tmpdir(), 'hermes page '))
    const kanban = {
      dashboard: true,
      retry_delay_seconds: 0.1,
      dispatch_interval_seconds: 0.5,
      ...config,
    }
    await writeFile(
      join(root, 'config.yaml'),
      JSON.stringify({ kanban, dashboard: { kanban: page } }),
    )
    browser = await chromium.launch(executablePath === undefined ? {} : { executablePath })
    await startGateway()
  })

  afterAll(async () => {
    if (isBlind) return
    await browser.close()
    for (const board of boards) await endRuns(board)
    await endGateway()
    for (const board of boards) await board.store.close()
    await rm(root, { recursive: true, force: true, maxRetries: 5 })
  })

  const world: World = {
    get root() {
      return root
    },
    url: () => url,
    browser: () => browser,
    hermes,
    startGateway,
    startDashboard,
    endGateway,
    async profile(name, script, settings = {}) {
      const folder = join(root, 'profiles', name)
      await mkdir(folder, { recursive: true })
      const file = join(folder, 'work.sh')
      await writeFile(file, script)
      const kanban = { command: ['/bin/sh', file], ...settings }
      await writeFile(join(folder, 'config.yaml'), JSON.stringify({ kanban }))
    },
    async desk() {
      const slug = `desk-${boards.length + 1}`
      await createBoard(facts(), slug, {}, systemClock)
      let now: Clock = systemClock
      const board = await openBoard(await chooseBoard(facts(), slug), () => now())
      boards.push(board)
      const make: Desk['make'] = (title, more = {}) =>
        board.store.write(async (tx) => {
          return (await create(tx, newTask.parse({ title, ...more }), 'user')).id
        })
      const desk: Desk = {
        slug,
        board,
        at: (query = '') => `${url}/?board=${slug}${query}`,
        make,
        async madeAt(time, title, more) {
          now = () => time
          try {
            return await make(title, more)
          } finally {
            now = systemClock
          }
        },
        show: (id) => board.store.read((reader) => show(reader, id, 100)),
        async comes(id, status) {
          await desk.until(async (reader) => {
            const shown = await show(reader, id, 1)
            return shown.task.status === status
          })
        },
        until: (look) => until(() => board.store.read(look)) as never,
      }
      return desk
    },
    async window(options = {}, expected = /^$/) {
      const context = await browser.newContext({
        viewport: { width: 1400, height: 900 },
        ...options,
      })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
      page.on('console', (message) => {
        const isExpected = /Failed to load resource|WebSocket connection|ERR_INTERNET/.test(
          message.text(),
        )
        if (message.type() === 'error' && !isExpected && !expected.test(message.text()))
          complaints.push(message.text())
      })
      onTestFinished(async () => {
        await page.unrouteAll({ behavior: 'ignoreErrors' })
        await context.close()
        expect(complaints).toEqual([])
      })
      page.setDefaultTimeout(10_000)
      await context.request.get(link)
      return page
    },
  }
  return world
}

/** What `look` finds, asking again until it does. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + 20_000
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error('waited in vain')
    await new Promise((again) => setTimeout(again, 25))
  }
}

/** Workers of a test end with it. */
async function endRuns({ store }: Board): Promise<void> {
  const running = await store.read((reader) =>
    reader.all<{ id: string }>(sql`select id from tasks where status = 'running'`),
  )
  for (const { id } of running) await store.write((tx) => archive(tx, id))
  await until(async () => {
    const left = await store.read((reader) =>
      reader.get(sql`select 1 from task_runs where runner_pid is not null and exited_at is null`),
    )
    return left === undefined
  })
}

/** What a person sees of the board. */
export function column(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true })
}

export function card(page: Page, title: string): Locator {
  return page
    .locator('[data-card]')
    .filter({ has: page.getByRole('link', { name: title, exact: true }) })
}

export function drawer(page: Page): Locator {
  return page.getByRole('dialog', { name: /^Task / })
}

interface Styling {
  getComputedStyle(node: unknown, pseudo: string): { getPropertyValue(name: string): string }
}

/** The page hears keys from now on: its listeners are there before its socket is. */
export async function listens(page: Page): Promise<void> {
  await page.locator('[data-connection=live]').waitFor()
}

/** The keyboard is on that card. */
export async function isOn(page: Page, title: string): Promise<void> {
  await page.locator('[data-card] a:focus').filter({ hasText: title }).waitFor()
}

/** A dialog is there and has the keyboard: what is typed before goes nowhere. */
export async function hasKeyboard(page: Page): Promise<void> {
  await page.locator(':is([role=dialog], [role=alertdialog]) :focus').first().waitFor()
}

/** What the browser makes of a style: `color`, `width`, … */
export function styleOf(what: Locator, name: string, pseudo = ''): Promise<string> {
  return what.evaluate(
    (node, asked) =>
      (globalThis as unknown as Styling)
        .getComputedStyle(node, asked.pseudo)
        .getPropertyValue(asked.name),
    { name, pseudo },
  )
}

/** As a hand does it: a drag begins with the second move. */
export async function dragTo(page: Page, what: Locator, where: Locator): Promise<void> {
  await what.hover()
  await page.mouse.down()
  const box = await where.boundingBox()
  if (box === null) throw new Error('there is nothing to drop on')
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 300)]
  await page.mouse.move(x - 5, y)
  await page.mouse.move(x, y)
  await page.mouse.up()
}
