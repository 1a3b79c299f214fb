import type { Log } from '../lib/log.ts'
import { messageOf } from '../lib/thrown.ts'
import { BoardError, type ErrorCode } from '../model/error.ts'
import { machineError } from '../model/system-error.ts'

/** What is wrong with boards in one pass. A broken board never stops the others. */
export interface Trouble {
  /** Undefined when the board cannot be used. One that was waited for in vain is not asked again. */
  on<T>(board: { readonly slug: string }, work: () => Promise<T>): Promise<T | undefined>
  tell(board: string, error: BoardError): void
  /** In sentences. */
  faults(): readonly string[]
  /** Something may be over soon without any notice: another program lets go, a disk has room again. */
  passes(): boolean
}

/** Waited for until patience was over. */
const waited: readonly ErrorCode[] = ['board_busy', 'store_unreachable']

const passing: readonly ErrorCode[] = [...waited, 'environment']

/** Whether that board was only waited for in vain, which the next look may not be. */
export function isWaitedFor(error: unknown): boolean {
  return error instanceof BoardError && waited.includes(error.code)
}

/** Of what nobody foresaw too, as another program may have made of a table what it liked. */
export function faultOf(slug: string, thrown: unknown): BoardError {
  if (thrown instanceof BoardError) return thrown
  return (
    machineError(thrown) ??
    new BoardError(
      'environment',
      `the board ${slug} cannot be used: ${messageOf(thrown)}; hermes doctor looks at what is in it`,
    )
  )
}

/** The log is told what is new in each pass, so that a loop says nothing twice. */
export function troubles(log: Log): () => Trouble {
  let known = new Set<string>()
  let said = new Set<string>()

  return () => {
    known = said
    said = new Set()
    const mine = said
    const stuck = new Set<string>()
    let passes = false

    function tell(board: string, error: BoardError): void {
      const { code, message } = error
      if (!known.has(message) && !mine.has(message)) log.error(message, { board })
      mine.add(message)
      passes ||= passing.includes(code)
      if (isWaitedFor(error)) stuck.add(board)
    }

    return {
      tell,
      async on({ slug }, work) {
        if (stuck.has(slug)) return undefined
        try {
          return await work()
        } catch (error) {
          tell(slug, faultOf(slug, error))
          return undefined
        }
      },
      faults: () => [...mine],
      passes: () => passes,
    }
  }
}
