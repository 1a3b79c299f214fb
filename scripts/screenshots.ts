/**
 * `npm run screenshots`: tells the four stories on a throw-away home with a real gateway, and takes
 * the pictures of the documents from the page itself, into docs/images.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'
import { thisHost } from '../src/dispatcher/host.ts'
import { systemClock } from '../src/lib/clock.ts'
import { findChromium } from '../tools/chromium.mjs'
import { seed, stories } from './stories/seed.ts'
import { type Steady, steady } from './stories/steady.ts'

const main = resolve(import.meta.dirname, '..', 'src', 'main.ts')
const images = resolve(import.meta.dirname, '..', 'docs', 'images')

/** Else the edges of round corners differ from one time to the next. */
const steadyDrawing = [
  '--disable-partial-raster',
  '--disable-skia-runtime-opts',
  '--num-raster-threads=1',
]

interface Shot {
  readonly name: string
  readonly board: string
  readonly theme: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
  /** More of the address. */
  readonly query?: string
  /** The task to open, by its title. */
  readonly task?: string
  readonly act?: (page: Page) => Promise<void>
}

const shots: readonly Shot[] = [
  { name: 'feature', board: 'default', theme: 'light' },
  {
    name: 'feature-question',
    board: 'default',
    theme: 'light',
    task: 'Sign-in page with both states',
  },
  { name: 'fleet', board: 'texts', theme: 'dark' },
  { name: 'pipeline', board: 'release', theme: 'light' },
  { name: 'pipeline-graph', board: 'release', theme: 'dark', query: '&view=graph', height: 480 },
  {
    name: 'pipeline-retry',
    board: 'release',
    theme: 'light',
    task: 'Build for macOS',
    query: '&tab=runs',
  },
  {
    name: 'pipeline-log',
    board: 'release',
    theme: 'dark',
    task: 'Run the long tests on both builds',
    query: '&tab=log',
  },
  { name: 'night', board: 'night', theme: 'light' },
  {
    name: 'night-breaker',
    board: 'night',
    theme: 'dark',
    task: 'Mirror the customer archive to the new storage',
  },
  {
    name: 'selection',
    board: 'texts',
    theme: 'light',
    act: async (page) => {
      await page.keyboard.press('j')
      for (let more = 0; more < 3; more += 1) await page.keyboard.press('Shift+ArrowDown')
    },
  },
  { name: 'phone', board: 'night', theme: 'dark', width: 360, height: 720 },
]

const home = await mkdtemp(join(tmpdir(), 'hermes-screenshots-'))
const env = { ...process.env, HERMES_KANBAN_HOME: home, NO_COLOR: '1' }
let gateway: ChildProcess | undefined
let browser: Browser | undefined
try {
  const begun = systemClock()
  await seed(home, () => begun)
  gateway = spawn(process.execPath, [main, 'gateway', 'run'], { env, stdio: 'ignore' })
  const link = await pageLink()
  const executablePath = findChromium()
  browser = await chromium.launch({
    args: steadyDrawing,
    ...(executablePath === undefined ? {} : { executablePath }),
  })
  await mkdir(images, { recursive: true })
  await workersAtWork()
  const boards = Object.fromEntries(
    await Promise.all(stories.map(async ({ slug }) => [slug, await idsOf(slug)] as const)),
  )
  const pictures = steady({ home, host: await thisHost(home), begun, boards })
  for (const shot of shots) await take({ browser, link, pictures }, shot)
} finally {
  await browser?.close()
  if (gateway?.exitCode === null) {
    const gone = once(gateway, 'exit')
    gateway.kill('SIGTERM')
    await gone
  }
  await endWorkers()
  await rm(home, { recursive: true, force: true, maxRetries: 5 })
}

interface Studio {
  readonly browser: Browser
  readonly link: string
  readonly pictures: Steady
}

async function take({ browser, link, pictures }: Studio, shot: Shot): Promise<void> {
  const { name, board, theme, width = 1440, height = 780, query = '', task, act } = shot
  const context = await browser.newContext({
    ...{ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' },
    ...{ deviceScaleFactor: width < 500 ? 2 : 1, hasTouch: width < 500 },
    ...{ timezoneId: 'UTC', locale: 'en-US' },
  })
  await pictures.prepare(context)
  const page = await context.newPage()
  await context.request.get(link)
  const open = task === undefined ? '' : `&task=${pictures.id(await idOf(board, task))}`
  await page.goto(new URL(`/?board=${board}${open}${query}`, link).href)
  await page.locator('[data-card], [data-node]').first().waitFor()
  await page.locator('[data-connection=live]').waitFor()
  if (task !== undefined) await page.getByRole('tabpanel').waitFor()
  await act?.(page)
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: join(images, `${name}.png`), animations: 'disabled' })
  await context.close()
  process.stdout.write(`docs/images/${name}.png\n`)
}

async function hermes(...words: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [main, ...words], { env })).stdout
}

/** As soon as the gateway serves the page. */
async function pageLink(): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const status = await hermes('gateway', 'status').catch(() => '')
    if (status.includes('dashboard   on')) {
      const link = /http:\S+/.exec(await hermes('dashboard', '--no-open'))?.[0]
      if (link !== undefined) return link
    }
    await pause(100)
  }
  throw new Error('the gateway does not serve the page: see hermes gateway run')
}

interface Listed {
  readonly id: string
  readonly title: string
  readonly status: string
  readonly created_at: number
  readonly last_heartbeat_at: number | null
}

async function listed(board: string): Promise<Listed[]> {
  return JSON.parse(await hermes('kanban', '--board', board, 'list', '--json'))
}

/** In the order in which they were made. */
async function idsOf(board: string): Promise<string[]> {
  const all = await listed(board)
  return all.sort((a, b) => a.created_at - b.created_at).map(({ id }) => id)
}

async function idOf(board: string, title: string): Promise<string> {
  const id = (await listed(board)).find((task) => task.title === title)?.id
  if (id === undefined) throw new Error(`no task of the board ${board} is called ${title}`)
  return id
}

/** Every worker that can start has said something. */
async function workersAtWork(): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const all = (await Promise.all(stories.map(({ slug }) => listed(slug)))).flat()
    const running = all.filter(({ status }) => status === 'running')
    if (running.length >= 6 && running.every((task) => task.last_heartbeat_at !== null)) return
    await pause(200)
  }
  throw new Error('the workers of the stories did not start')
}

/** They go on without the gateway, which would start others in the place of those that are ended. */
async function endWorkers(): Promise<void> {
  for (const { slug } of stories) {
    const running = (await listed(slug)).filter(({ status }) => status === 'running')
    for (const { id } of running) {
      await hermes('kanban', '--board', slug, 'archive', id)
      await untilEnded(slug, id)
    }
  }
}

/** Its runner writes the end down: until then it needs its folder. */
async function untilEnded(slug: string, id: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { runs } = JSON.parse(await hermes('kanban', '--board', slug, 'show', id, '--json'))
    if (runs.at(-1)?.exited_at !== null) return
    await pause(100)
  }
}
