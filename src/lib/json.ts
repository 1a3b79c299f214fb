import { promises } from 'node:fs'

/** What a text says as JSON; undefined for one that is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The same of a file; undefined, too, where there is none that can be read. */
export async function readJson(path: string): Promise<unknown> {
  return jsonIn(await promises.readFile(path, 'utf8').catch(() => ''))
}
