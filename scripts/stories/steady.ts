/** What differs from one telling of the stories to the next, made the same for whoever takes pictures. */

import { createHash } from 'node:crypto'
import type { BrowserContext } from 'playwright-core'

/** Monday, nine in the morning. */
const monday = Date.UTC(2026, 5, 15, 9) / 1000

/** When the workers of the stories begin, and when they are looked at, in seconds after that. */
const atWork = 30
const lookedAt = 180

export interface Telling {
  readonly home: string
  readonly host: string
  /** Unix seconds. */
  readonly begun: number
  /** The ids of each board in the order in which they were made. */
  readonly boards: Readonly<Record<string, readonly string[]>>
}

export interface Steady {
  /** The id that a page is shown in place of this one. */
  readonly id: (real: string) => string
  /** Before a page of it is opened. */
  readonly prepare: (context: BrowserContext) => Promise<void>
}

/** Ids are random, times are now, and folders and machines have names of their own: a page is told others. */
export function steady({ home, host, begun, boards }: Telling): Steady {
  const shown = new Map<string, string>()
  for (const [board, ids] of Object.entries(boards)) {
    for (const [index, id] of ids.entries()) shown.set(id, `t_${digest(`${board} ${index}`)}`)
  }
  const real = new Map([...shown].map(([id, other]) => [other, id]))
  const exchanged = (text: string, names: ReadonlyMap<string, string>): string =>
    text.replace(/\bt_[0-9a-f]{8}\b/g, (id) => names.get(id) ?? id)
  const moved = (seconds: number): number => monday + (seconds < begun ? seconds - begun : atWork)

  function told(text: string): string {
    return exchanged(text, shown)
      .replaceAll(home, '/home/me/.hermes')
      .replaceAll(host, 'studio+5e1f0a2c')
      .replace(/(studio\+5e1f0a2c:)\d+/g, '$14211')
      .replace(/"now":\d+/g, `"now":${monday + lookedAt}`)
      .replace(/(at work for )(?:\d+ [smhd] ?)+/g, '$12 m ')
      .replace(/(?<=[:,[])1[6-9]\d{8}(?=[,}\]])/g, (time) => String(moved(Number(time))))
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, (time) => iso(moved(Date.parse(time) / 1000)))
  }

  return {
    id: (id) => shown.get(id) ?? id,
    async prepare(context) {
      await context.clock.setFixedTime((monday + lookedAt) * 1000)
      // The log is followed, and nothing comes.
      await context.addInitScript(`window.EventSource = class {
        constructor() { setTimeout(() => this.onopen?.()) }
        close() {}
      }`)
      await context.route('**/api/**', async (route) => {
        const response = await route.fetch({ url: exchanged(route.request().url(), real) })
        const { 'content-length': _, ...headers } = response.headers()
        await route.fulfill({ response, headers, body: told(await response.text()) })
      })
    },
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function iso(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}
