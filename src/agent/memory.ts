/** What a profile remembers from one conversation to the next: Markdown files in `<profile>/memory/`, an entry a line. */

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makePrivateFile, privateFolder, writePrivate } from '../lib/files.ts'
import { byteLength, cut } from '../lib/text.ts'
import { oneAtATime } from '../workers/one-at-a-time.ts'

/** Bytes of all memory that a conversation begins with. */
export const longestMemory = 8 * 1024

export interface Memory {
  /** What the prompt holds of it; empty where there is none. */
  text(): Promise<string>
  /** How large all of it is, in bytes. */
  size(): Promise<number>
  entries(file: string): Promise<string[]>
  /** Keeps what `edit` makes of its entries; workers of one profile do so one after the other. */
  change(file: string, edit: (entries: string[]) => readonly string[]): Promise<void>
}

export function memoryOf(profileFolder: string): Memory {
  const folder = join(profileFolder, 'memory')
  const fileOf = (file: string): string => join(folder, `${file}.md`)

  async function all(): Promise<string> {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.md'))
    const texts = await Promise.all(
      names.sort().map(async (name) => {
        const text = await readFile(join(folder, name), 'utf8').catch(() => '')
        return text.trim() === '' ? '' : `## ${name.slice(0, -3)}\n\n${text.trim()}`
      }),
    )
    return texts.filter(Boolean).join('\n\n')
  }

  async function entriesOf(file: string): Promise<string[]> {
    const text = await readFile(fileOf(file), 'utf8').catch(() => '')
    return text
      .split('\n')
      .map((line) => line.replace(/^[-*] /, '').trim())
      .filter(Boolean)
  }

  return {
    text: async () => cut(await all(), longestMemory),
    size: async () => byteLength(await all()),
    entries: entriesOf,
    async change(file, edit) {
      await privateFolder(folder)
      const lock = join(folder, '.lock')
      makePrivateFile(lock)
      await oneAtATime(lock, async () => {
        const entries = edit(await entriesOf(file))
        await writePrivate(fileOf(file), entries.map((entry) => `- ${entry}\n`).join(''))
      })
    },
  }
}
