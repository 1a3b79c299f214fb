import { join } from 'node:path'
import { type Config, type GatewaySettings, readConfig, readGatewayConfig } from '../config.ts'
import { fileVersion } from '../lib/files.ts'
import type { Log } from '../lib/log.ts'
import { BoardError } from '../model/error.ts'

/**
 * The configuration as its file is now: read again when that has changed, kept when the change is no
 * good. Throws `config` when there is nothing to keep.
 */
export function watchedConfig(root: string, log: Log): Promise<() => Promise<Config>> {
  return watched(root, log, readConfig)
}

/** As `watchedConfig`, of what stands under `gateway:`. */
export function watchedGateway(root: string, log: Log): Promise<() => Promise<GatewaySettings>> {
  return watched(root, log, readGatewayConfig)
}

async function watched<T>(
  root: string,
  log: Log,
  readFile: (root: string) => Promise<{ config: T; warnings: readonly string[] }>,
): Promise<() => Promise<T>> {
  const path = join(root, 'config.yaml')
  const read = async (): Promise<T> => {
    const { config, warnings } = await readFile(root)
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
