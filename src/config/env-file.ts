import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { BoardError } from '../model/error.ts'

/**
 * The variables of `<root>/.env`, none when it is missing. Throws `config` when others than its owner
 * can read it, for it holds the keys to every chat; not when only names are looked for.
 */
export async function readEnvFile(
  root: string,
  { onlyNames = false } = {},
): Promise<Readonly<Record<string, string | undefined>>> {
  const path = join(root, '.env')
  try {
    const { mode } = await stat(path)
    if (!onlyNames && (mode & 0o077) !== 0) {
      throw new BoardError(
        'config',
        `${path} can be read by others and is not used: chmod 600 ${path}`,
      )
    }
    return parseEnv(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof BoardError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return {}
    throw new BoardError('environment', `cannot read ${path}: ${message}`)
  }
}
