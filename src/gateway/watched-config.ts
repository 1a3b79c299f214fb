import { join } from 'node:path'
import { type Config, type GatewaySettings, readConfig, readGatewayConfig } from '../config.ts'
import { fileVersion } from '../lib/files.ts'
import type { Log } from '../lib/log.ts'

/**
 * The configuration as its file is now: read again when that has changed, kept when the change is no
 * good. Throws `config` when there is nothing to keep.
 */
export function watchedConfig(root: string, log: Log): Promise<() => Promise<Config>> {
  return watched(root, log, { section: 'kanban', readFile: readConfig })
}

/** As `watchedConfig`, of what stands under `gateway:`. */
export function watchedGateway(root: string, log: Log): Promise<() => Promise<GatewaySettings>> {
  return watched(root, log, { section: 'gateway', readFile: readGatewayConfig })
}

interface Watched<T> {
  /** The other one may be in order while this one is not. */
  readonly section: string
  readonly readFile: (root: string) => Promise<{ config: T; warnings: readonly string[] }>
}

async function watched<T>(
  root: string,
  log: Log,
  { section, readFile }: Watched<T>,
): Promise<() => Promise<T>> {
  const path = join(root, 'config.yaml')
  const read = async (): Promise<T> => {
    const { config, warnings } = await readFile(root)
    for (const warning of warnings) log.warn(warning)
    return config
  }
  async function readAgain(before: T): Promise<T> {
    try {
      const now = await read()
      log.info(`what stands under ${section}: in config.yaml was read again`)
      return now
    } catch (error) {
      const { message } = error as Error
      log.error(`${message}; the settings under ${section}: from before stay in force`)
      return before
    }
  }
  let version = fileVersion(path)
  let known = read()
  await known
  return () => {
    const now = fileVersion(path)
    // Whoever asks while it is read waits for what it says, and is not told what it said before.
    if (now !== version) known = known.then(readAgain)
    version = now
    return known
  }
}
