import { join } from 'node:path'
import { type Config, readConfig } from '../config.ts'
import { fileVersion } from '../lib/files.ts'
import type { Log } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'

/**
 * The configuration as its file is now: read again when that has changed, kept when the change is no
 * good. Throws `config` when there is nothing to keep.
 */
export async function watchedConfig(root: string, log: Log): Promise<() => Promise<Config>> {
  const path = join(root, 'config.yaml')
  const read = async (): Promise<Config> => {
    const { config, warnings } = await readConfig(root)
    for (const warning of warnings) log.warn(warning)
    return config
  }
  let version = fileVersion(path)
  let known = await read()
  return async () => {
    const now = fileVersion(path)
    if (now === version) return known
    version = now
    try {
      known = await read()
      log.info('config.yaml was read again')
    } catch (error) {
      if (!(error instanceof BoardError)) throw error
      log.error(`${error.message}; the settings from before stay in force`)
    }
    return known
  }
}
