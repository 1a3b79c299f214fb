import { toInstall } from '../../config/platforms.ts'
import { BoardError } from '../../model/error.ts'

/** What `load` imports. Throws `environment` with the way to install it when it is not there. */
export async function library<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new BoardError(
      'environment',
      `the package ${name} is not installed: ${toInstall} brings it`,
    )
  }
}
