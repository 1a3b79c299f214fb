import { Hono } from 'hono'
import { type OpenApi, openApi } from './openapi/openapi.ts'
import { referencePage, styles, stylesPath } from './openapi/reference-page.ts'

/** What describes the API: for programs, and for people. */
export function documents(): Hono {
  let made: Promise<OpenApi> | undefined
  const api = (): Promise<OpenApi> => {
    made ??= openApi()
    return made
  }
  return new Hono()
    .get('/api/openapi.json', async (c) => c.json(await api()))
    .get('/api/reference', async (c) => c.html(referencePage(await api())))
    .get(stylesPath, (c) => c.body(styles, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
}
