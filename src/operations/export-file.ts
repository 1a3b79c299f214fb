import { existsSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { writePrivate } from '../lib/files.ts'
import { BoardError } from '../model/error.ts'

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/**
 * Writes one file for its owner alone and returns where it is. Under its name nobody ever finds a part of
 * it, however it ends. Throws `conflict` when there is such a file already.
 */
export async function writeWhole(path: string, texts: AsyncIterable<string>): Promise<string> {
  assertFree(path)
  return replaceWhole(path, stillFree())

  /** A large board takes minutes, in which somebody else may have put a file there. */
  async function* stillFree(): AsyncGenerator<string> {
    yield* texts
    assertFree(path)
  }
}

/** As `writeWhole`, in place of what is there; that stays where the new one cannot be had whole. */
export async function replaceWhole(path: string, texts: AsyncIterable<string>): Promise<string> {
  await writePrivate(path, texts).catch((error) => refuse(path, error))
  return resolve(path)
}

export interface NamedText {
  readonly name: string
  readonly text: string
}

/** A Markdown file for each, in place of what an earlier export wrote there. */
export async function writeSheets(
  folder: string,
  texts: AsyncIterable<NamedText>,
): Promise<string> {
  for await (const { name, text } of texts) {
    const path = join(folder, `${name}.md`)
    await writeFile(path, text, { mode: 0o600 }).catch((error) => refuse(path, error))
  }
  return resolve(folder)
}

function assertFree(path: string): void {
  if (!existsSync(path)) return
  throw new BoardError(
    'conflict',
    `${path} is there already and was left as it is: name a new file, or a folder`,
  )
}

function refuse(path: string, error: unknown): never {
  const { code, syscall, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') {
    throw new BoardError('environment', `${path} cannot be written: make its folder first`)
  }
  if (syscall === undefined) throw error
  throw new BoardError('environment', `${path} cannot be written: ${message}`)
}
