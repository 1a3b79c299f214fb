import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { findChromium } from '../tools/chromium.mjs'
import type { Measurement } from './bench.ts'
import { fillWeeks } from './boards.ts'
import { bundled, end, environmentOn } from './bundle.ts'
import { diskFolder } from './folders.ts'
import { median, times } from './measure.ts'

/** The page of a board with 10,000 cards, in a real browser: until something is there, while a card is carried about, and what it holds. */
export const page: Measurement = async function* ({ quick }) {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    console.log('page: left out, there is no Chromium here')
    return
  }
  const root = diskFolder()
  await fillWeeks(root, quick ? 10 : 1000)
  const served = await serve(root)
  const browser = await chromium.launch({ executablePath })
  try {
    const paints: Painted[] = []
    await times(quick ? 1 : 7, async () => {
      const opened = await open(browser, served.link)
      paints.push(await painted(opened))
      await opened.context().close()
    })
    const first = median(paints.map((paint) => paint.first))
    yield {
      name: 'page, 10k cards: first paint',
      unit: 'ms',
      ours: first,
      target: { atMost: 1500 },
    }
    const cards = median(paints.map((paint) => paint.cards))
    yield { name: 'the same, its cards', unit: 'ms', ours: cards, target: { atMost: 1500 } }

    const opened = await open(browser, served.link)
    await painted(opened)
    await opened.locator('[data-connection=live]').waitFor()
    await opened.waitForLoadState('networkidle')
    const longest = await longestTask(browser, opened, () => carryAbout(opened, quick ? 300 : 3000))
    yield {
      name: 'the same, longest task of dragging',
      unit: 'ms',
      ours: longest,
      target: { atMost: 50 },
    }

    const heap = await heapOf(opened)
    yield { name: 'the same, JS heap', unit: 'MB', ours: heap, target: { atMost: 150 } }
  } finally {
    await browser.close()
    await served.close()
  }
}

/** The program as it is published, with its page, as a process of its own. */
async function serve(root: string) {
  const main = await bundled()
  await build({
    root: fileURLToPath(new URL('../web', import.meta.url)),
    logLevel: 'error',
    build: { outDir: join(dirname(main), 'web') },
  })
  const server = spawn(process.execPath, [main, 'dashboard', '--no-open', '--port', '0'], {
    env: environmentOn(root),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.prependOnceListener('exit', () => server.kill())
  let said = ''
  let link: string | undefined
  for await (const part of server.stdout.iterator({ destroyOnReturn: false })) {
    said += part
    link = /http:\S+(?=\s)/.exec(said)?.[0]
    if (link !== undefined) break
  }
  if (link === undefined) throw new Error('the dashboard did not start')
  return { link, close: () => end(server) }
}

/** A window that has never seen the page: nothing of it is in a cache. */
async function open(browser: Browser, link: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.request.get(link)
  const opened = await context.newPage()
  await opened.addInitScript(noteFirstCard)
  await opened.goto(new URL('/', link).href)
  return opened
}

interface Painted {
  readonly first: number
  readonly cards: number
}

/** Milliseconds from asking for the page. */
async function painted(opened: Page): Promise<Painted> {
  return opened.evaluate(async () => {
    await new Promise<void>((resolve) => {
      const marks = new PerformanceObserver((list) => {
        if (list.getEntriesByName('cards').length > 0) resolve()
      })
      marks.observe({ type: 'mark', buffered: true })
    })
    const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN
    return { first: at('first-contentful-paint'), cards: at('cards') }
  })
}

/** Runs in the page: marks the frame after the one in which cards are drawn. */
const noteFirstCard = `
  new MutationObserver((_, observer) => {
    if (document.querySelector('[data-card]') === null) return
    observer.disconnect()
    requestAnimationFrame(() => setTimeout(() => performance.mark('cards')))
  }).observe(document, { childList: true, subtree: true })`

/** From column to column and back with the button held down, as long as asked. */
async function carryAbout(opened: Page, duration: number): Promise<void> {
  const { mouse } = opened
  await opened.locator('[data-column=ready] [data-card]').first().hover()
  await mouse.down()
  const end = performance.now() + duration
  for (let step = 0; performance.now() < end; step += 1) {
    // Down to the edge as well, where the column scrolls by itself.
    const [x, y] = [720 + 600 * Math.sin(step / 20), 500 + 390 * Math.sin(step / 33)]
    await mouse.move(x, y)
    await pause(8)
  }
  if (!(await opened.getByText('Only a worker’s claim').isVisible()))
    throw new Error('no card was carried')
  // Outside of every column: the board is as it was.
  await mouse.move(720, 20)
  await mouse.up()
}

interface Trace {
  readonly traceEvents: readonly {
    readonly name: string
    readonly pid: number
    readonly tid: number
    readonly tdur?: number
    readonly args: { readonly name?: string }
  }[]
}

/**
 * Milliseconds of processor time: of all that the page's own thread did meanwhile, the piece that kept it
 * longest. By the clock it would also be what other programs took of the machine.
 */
async function longestTask(
  browser: Browser,
  opened: Page,
  work: () => Promise<void>,
): Promise<number> {
  await browser.startTracing(opened, {
    categories: ['toplevel', 'disabled-by-default-devtools.timeline'],
  })
  await work()
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as Trace
  const pages = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const tasks = traceEvents
    .filter(({ name, pid, tid }) => name === 'RunTask' && pages.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000)
  if (tasks.length === 0) throw new Error('the browser has told nothing of its tasks')
  return Math.max(...tasks)
}

/** MB, of what is still needed. */
async function heapOf(opened: Page): Promise<number> {
  const session = await opened.context().newCDPSession(opened)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 1024 / 1024
}
