import { realpathSync, statSync } from 'node:fs'
import { makePrivateFile } from '../lib/files.ts'
import { BoardError } from '../model/error.ts'

/**
 * The real path of a database file, made first if it is missing and `create` says so.
 *
 * Made here and not by SQLite, so that nobody else can read it for a moment.
 */
export function existingFile(file: string, create: boolean): string {
  try {
    if (create) makePrivateFile(file)
    return realpathSync(file)
  } catch (error) {
    throw fileError(error, file, create)
  }
}

export interface Presence {
  /** Throws `board_gone` once the file has been removed, or another put in its place. */
  assert(): void
  /** Something has happened: the next assertion looks again. */
  doubt(): void
}

/**
 * Guards against a file that is open but no longer where it was: what is written to it is seen by
 * nobody. It looks once in a turn of the event loop; before every write it would cost 3 % of it.
 */
export function trackPresence(path: string): Presence {
  const opened = statSync(path)
  if (opened.isDirectory()) throw isFolder(path)
  let seen = false

  function doubt(): void {
    seen = false
  }

  return {
    assert() {
      if (seen) return
      const now = statSync(path, { throwIfNoEntry: false })
      if (now === undefined || now.ino !== opened.ino || now.dev !== opened.dev) throw removed(path)
      seen = true
      setImmediate(doubt)
    },
    doubt,
  }
}

function isFolder(path: string): BoardError {
  const sentence = `${path} is a folder: name the file of a board`
  return new BoardError('environment', sentence, { file: path })
}

function removed(file: string): BoardError {
  return new BoardError('board_gone', `${file} was removed while it was open`, { file })
}

function fileError(error: unknown, file: string, create: boolean): unknown {
  const code = systemCode(error)
  if (code === undefined) return error
  if (code === 'ENOENT' && !create) {
    const sentence = `${file} does not exist: choose another board, or create it`
    return new BoardError('board_gone', sentence, { file })
  }
  const reason = reasons[code] ?? `the system says ${code}`
  return new BoardError('environment', `${file} cannot be opened: ${reason}`, { file })
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist; create that first',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'it and its folder must be yours to read and write',
  EPERM: 'it and its folder must be yours to read and write',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full; free some space and try again',
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
