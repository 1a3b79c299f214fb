import { messageOf } from '../lib/thrown.ts'
import { BoardError } from '../model/error.ts'

/** https://sqlite.org/rescode.html; the low byte of an extended code is its family. */
const Code = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  PROTOCOL: 15,
  NOTADB: 26,
} as const

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return Number(error.errcode) & 0xff
}

/** Somebody else has the lock for the moment (PROTOCOL: several processes began at the same instant). */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error)
  return code === Code.BUSY || code === Code.LOCKED || code === Code.PROTOCOL
}

/** What SQLite says about a file, for people. An error that is not about the file comes back as it is. */
export function sqliteError(error: unknown, file: string): unknown {
  if (isBusy(error)) {
    return new BoardError(
      'board_busy',
      `${file} is locked by another program and no turn came in time: try again, or end that program`,
      { file },
    )
  }
  switch (isUnreadable(error) ? Code.CORRUPT : codeOf(error)) {
    case Code.NOTADB:
    case Code.CORRUPT:
      return new BoardError(
        'board_corrupt',
        `${file} is damaged or not a SQLite database; it was left as it is: put a backup in its place, or move it away`,
        { file },
      )
    case Code.CANTOPEN:
    case Code.PERM:
      return environment(
        `${file} cannot be opened: it and its folder must be yours to read and write`,
      )
    case Code.READONLY:
      return environment(`${file} cannot be written: it and its folder must be yours to write`)
    case Code.FULL:
      return environment(`${file} cannot grow: the disk is full; free some space and try again`)
    case Code.IOERR:
      return environment(
        `${file} cannot be read or written: the disk reports an error (${messageOf(error)})`,
      )
    default:
      return error
  }

  function environment(sentence: string): BoardError {
    return new BoardError('environment', sentence, { file })
  }
}

/** Its head names a format that SQLite does not know, which it gives no code of its own. */
function isUnreadable(error: unknown): boolean {
  return error instanceof Error && error.message === 'unsupported file format'
}
