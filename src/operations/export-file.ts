import { statSync } from 'node:fs'
import { open, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { BoardError } from '../model/error.ts'

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/**
 * Writes one file for its owner alone and returns where it is; a part of it never stays. Throws
 * `conflict` when there is such a file already, unless it may be replaced.
 */
export async function writeWhole(
  path: string,
  texts: AsyncIterable<string>,
  { replace = false } = {},
): Promise<string> {
  const file = await open(path, replace ? 'w' : 'wx', 0o600).catch((error) => refuse(path, error))
  try {
    for await (const text of texts) await file.writeFile(text)
  } catch (error) {
    await rm(path, { force: true })
    return refuse(path, error)
  } finally {
    await file.close()
  }
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

function refuse(path: string, error: unknown): never {
  const { code, syscall, message } = error as NodeJS.ErrnoException
  if (code === 'EEXIST') {
    throw new BoardError(
      'conflict',
      `${path} is there already and was left as it is: name a new file, or a folder`,
    )
  }
  if (syscall === undefined) throw error
  throw new BoardError('environment', `${path} cannot be written: ${message}`)
}
