/** The log of a task's workers: one file that all its runs append to, and beside it older parts, `.1` the latest of them. */

import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { fileName } from '../lib/file-name.ts'
import { openPrivate, privateFolder } from '../lib/files.ts'

export function logPath(logs: string, task: string): string {
  return join(logs, `${fileName(task)}.log`)
}

export function rotatedPath(path: string, nth = 1): string {
  return `${path}.${nth}`
}

/** Those that there are of a log, the latest first. */
export function olderParts(path: string): string[] {
  const parts: string[] = []
  for (let part = rotatedPath(path); existsSync(part); part = rotatedPath(path, parts.length + 1)) {
    parts.push(part)
  }
  return parts
}

export interface LogHeader {
  readonly run: number
  readonly profile: string
  /** Unix seconds. */
  readonly now: number
}

/** Open for a worker's stdout and stderr, a line about the run already in it. The caller closes it. */
export async function openLog(logs: string, task: string, header: LogHeader): Promise<FileHandle> {
  await privateFolder(logs)
  const path = logPath(logs, task)
  const file = await openPrivate(path)
  try {
    const start = endsOpen(path) ? '\n' : ''
    await file.appendFile(`${start}${headerLine(header)}\n`)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

export function headerLine({ run, profile, now }: LogHeader): string {
  return `=== run ${run} · ${profile} · ${new Date(now * 1000).toISOString().replace('.000', '')} ===`
}

/** Whether the last worker stopped in the middle of a line. */
function endsOpen(path: string): boolean {
  const last = lastBytes(path, 1)
  return last.length === 1 && last[0] !== newline
}

const newline = 0x0a

/**
 * The last `bytes` of a log, its older parts included. Starts at a line, or where it must when no line
 * begins in there, and has whole characters only. Empty when there is no log.
 */
export function readTail(path: string, bytes: number): string {
  // One byte more tells whether the first line is whole.
  const wanted = Math.max(0, Math.floor(bytes)) + 1
  let tail = lastBytes(path, wanted)
  for (const part of olderParts(path)) {
    if (tail.length >= wanted) break
    tail = Buffer.concat([lastBytes(part, wanted - tail.length), tail])
  }
  const isWhole = tail.length < wanted
  return wholeCharacters(isWhole ? tail : fromLine(tail))
}

function fromLine(tail: Buffer): Buffer {
  const start = tail.indexOf(newline) + 1
  return start > 0 && start < tail.length ? tail.subarray(start) : tail.subarray(1)
}

function wholeCharacters(bytes: Buffer): string {
  let start = 0
  while (start < Math.min(3, bytes.length) && isContinuation(bytes[start])) start++
  // A character that is still being written is left for the next reader.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start), {
    stream: true,
  })
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}

function lastBytes(path: string, count: number): Buffer {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return readFrom(path, Math.max(0, size - count))
}

function readFrom(path: string, position: number): Buffer {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  try {
    const buffer = Buffer.alloc(Math.max(0, fstatSync(fd).size - position))
    return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, position))
  } finally {
    closeSync(fd)
  }
}

/**
 * Moves the log to `.log.1` when it is longer than `maxBytes`, and what was there on to `.log.2`, as far as
 * `backups` are kept; under the hands of a worker that goes on
 * writing: the content is copied, then the file emptied, and the worker's next line is its first, because
 * it was opened for appending. A pipe through the runner would lose nothing, but would end the worker's
 * output with the runner. What is written between the last copy and the emptying is lost: that of some
 * microseconds, more when the machine is busy.
 */
export function rotate(path: string, maxBytes: number, backups = 1): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size <= maxBytes) return false
  const draft = `${rotatedPath(path)}.tmp`
  try {
    copyFileSync(path, draft)
    moveOn(path, backups)
    emptyInto(draft, path)
    return true
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Makes room for the next part; the oldest, and what a larger setting has left, goes. */
function moveOn(path: string, backups: number): void {
  for (const part of olderParts(path).slice(backups)) rmSync(part, { force: true })
  for (let nth = Math.min(olderParts(path).length, backups - 1); nth > 0; nth -= 1) {
    renameSync(rotatedPath(path, nth), rotatedPath(path, nth + 1))
  }
}

/** Adds what was written meanwhile to the copy, puts the copy in place, and empties the log. */
function emptyInto(draft: string, path: string): void {
  const from = openSync(path, 'r+')
  const to = openSync(draft, 'a')
  try {
    const chunk = Buffer.allocUnsafe(64 * 1024)
    let copied = fstatSync(to).size
    renameSync(draft, rotatedPath(path))
    for (;;) {
      const count = readSync(from, chunk, 0, chunk.length, copied)
      if (count === 0) break
      copied += writeSync(to, chunk, 0, count)
    }
    ftruncateSync(from, 0)
  } finally {
    closeSync(from)
    closeSync(to)
  }
}
