import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BoardError } from '../model/error.ts'

/** Where a profile says who it is, in words: the file in which the other edition keeps it too. */
export function roleFile(folder: string): string {
  return join(folder, 'SOUL.md')
}

/** Empty where it says nothing. Throws `config` when the file cannot be read. */
export async function readRole(folder: string): Promise<string> {
  const file = roleFile(folder)
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return ''
    throw new BoardError('config', `${file} cannot be read: ${message}`)
  }
}
