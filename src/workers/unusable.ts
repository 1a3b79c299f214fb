import { messageOf } from '../lib/thrown.ts'
import { BoardError } from '../model/error.ts'
import { shortage } from '../model/system-error.ts'

/**
 * Why a run cannot work at `path`. `details.short`: its machine is short of something there, so that neither the
 * task is at fault nor, elsewhere, any other task kept from starting.
 */
export function unusable(what: string, path: string, thrown: unknown): BoardError {
  const short = shortage(thrown)
  const said = messageOf(thrown)
  const why = short === undefined ? said : `${short} (${said})`
  const details = short === undefined ? { path } : { path, short: true }
  return new BoardError('environment', `cannot use ${what}: ${why}`, details)
}
