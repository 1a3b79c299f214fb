import { BoardError } from '../../model/error.ts'
import { machineError } from '../../model/system-error.ts'

export interface Finding {
  /** What was looked at. */
  readonly about: string
  /** `warning`: something does not work as it could; `broken`: what everything needs does not work. */
  readonly level: 'ok' | 'warning' | 'broken'
  readonly says: string
  /** What to do about it. */
  readonly next?: string
}

export function fine(about: string, says: string): Finding {
  return { about, level: 'ok', says }
}

export function warning(about: string, says: string, next: string): Finding {
  return { about, level: 'warning', says, next }
}

export function broken(about: string, says: string, next: string): Finding {
  return { about, level: 'broken', says, next }
}

/** A check that cannot even be made is a finding too. */
export async function orBroken(
  about: string,
  next: string,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (thrown) {
    const error = machineError(thrown) ?? thrown
    if (!(error instanceof BoardError)) throw error
    return [broken(about, error.message, next)]
  }
}
