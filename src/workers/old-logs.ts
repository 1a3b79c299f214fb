import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

const name = /^(t_[0-9a-f]+)\.log(\.\d+)?$/

export interface OldLogs {
  /** Unix seconds: what was written to since is kept. */
  readonly before: number
  /** Tasks whose logs are kept however old they are. */
  readonly keep: ReadonlySet<string>
  readonly dryRun: boolean
}

/** Removes logs of workers that nobody writes to any more; returns how many. Looks at nothing but plain files with their names. */
export async function removeOldLogs(
  logs: string,
  { before, keep, dryRun }: OldLogs,
): Promise<number> {
  let count = 0
  for (const file of await readdir(logs).catch(() => [])) {
    const [, task] = name.exec(file) ?? []
    if (task === undefined || keep.has(task)) continue
    const path = join(logs, file)
    const stats = await lstat(path).catch(() => undefined)
    if (!stats?.isFile() || stats.mtimeMs / 1000 >= before) continue
    if (!dryRun) await rm(path, { force: true })
    count += 1
  }
  return count
}
