/** The page that Vite has built, as files. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono, type MiddlewareHandler } from 'hono'
import { document } from './html.ts'

/** Vite puts a hash of its content into each of these names: what has been loaded once stays good. */
const hashed = '/assets/*'
const forEver = 'private, max-age=31536000, immutable'

/** Asked for again each time, so that a new version is there at once; a 304 where it is the same. */
const askAgain = 'private, no-cache'

export function page(folder: string): Hono {
  const app = new Hono()
  if (!existsSync(join(folder, 'index.html'))) return app.get('/', (c) => c.html(notBuilt, 503))
  const serve = serveStatic({ root: folder })
  const files = (age: string): MiddlewareHandler => {
    return async (c, next) => {
      const file = await serve(c, next)
      if (file instanceof Response) file.headers.set('Cache-Control', age)
      return file
    }
  }
  const fresh = files(askAgain)
  return app.get(hashed, files(forEver)).get('/', fresh).get('/:file', fresh)
}

const notBuilt = document(
  'Hermes Kanban',
  `<h1>Hermes Kanban</h1>
<p>The page is not built: run <code>npm run build</code> and load it again. The API is served meanwhile:
<a href="/api/reference">its reference</a>.</p>`,
)
