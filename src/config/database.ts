import { join } from 'node:path'
import { fileVersion, textAt } from '../lib/files.ts'

/** By file: what it says, for a dispatcher that asks at each pass. */
const known = new Map<string, { readonly version: string; readonly database: string | undefined }>()

/** `kanban.database` of the root's config.yaml. Throws `config` when the file is no good. */
export async function configuredDatabase(root: string): Promise<string | undefined> {
  const path = join(root, 'config.yaml')
  const version = fileVersion(path)
  const latest = known.get(path)
  if (latest?.version === version) return latest.database
  const database = version === '' ? undefined : await databaseIn(path)
  known.set(path, { version, database })
  return database
}

/** Understanding YAML takes longer than most commands, and most homes name no database. */
async function databaseIn(path: string): Promise<string | undefined> {
  const source = textAt(path)
  if (!/\bdatabase\b/.test(source)) return undefined
  const [{ parseKanban }, { settings }] = await Promise.all([
    import('./file.ts'),
    import('./settings.ts'),
  ])
  const { value } = await parseKanban(source, path, settings)
  return value.database ?? undefined
}
