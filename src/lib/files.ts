/** Files and folders for their owner alone. The mode is set here and never left to the umask, which workers inherit. */

// Not from `node:fs/promises`: what hangs on it takes 2 ms to load, and a command that only reads needs none of it.
import { closeSync, constants, openSync, promises, readFileSync, statSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** Makes the folder, and those above it that are missing, 0700. What was there keeps its mode. */
export async function privateFolder(path: string): Promise<void> {
  const target = resolve(path)
  const first = await makeFolder(target, 0o700)
  if (first === undefined) return
  for (let made = target; made.length >= first.length; made = dirname(made)) {
    await promises.chmod(made, 0o700)
  }
}

/**
 * Makes the folder and those above it that are missing; returns the topmost one that it made. Not
 * `mkdir` with `recursive`, which never returns where a parent exists and takes no folders (`/proc`).
 */
export async function makeFolder(path: string, mode = 0o777): Promise<string | undefined> {
  const target = resolve(path)
  try {
    await promises.mkdir(target, mode)
    return target
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return undefined
    if (code !== 'ENOENT' || dirname(target) === target) throw error
  }
  const above = await makeFolder(dirname(target), mode)
  try {
    await promises.mkdir(target, mode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return above ?? target
}

/**
 * A short text that every command reads; empty where there is none that can be read. At once, as the file
 * takes less time than a promise.
 */
export function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Puts a file there at once and whole: a reader sees the old text or the new one, after a power cut too. */
export async function writePrivate(path: string, text: Text, mode = 0o600): Promise<void> {
  const draft = await written(path, text, mode)
  await orDiscard(draft, promises.rename(draft, path))
}

/** As `writePrivate`, unless the file is there already: of several that try, one text stands. */
export async function writeOnce(path: string, text: string): Promise<void> {
  const draft = await written(path, text, 0o600)
  try {
    await promises.link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await promises.rm(draft, { force: true })
  }
}

/** Open for appending, made when missing. A link in its place is refused. The caller closes it. */
export function openPrivate(path: string): Promise<FileHandle> {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants
  return promises.open(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600)
}

/**
 * Makes an empty file where there is none. Never opens one that is there: closing any descriptor of a
 * database drops the locks that this process has on it.
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

export async function appendPrivate(path: string, text: string): Promise<void> {
  const file = await openPrivate(path)
  try {
    await file.appendFile(text)
  } finally {
    await file.close()
  }
}

/** Whole, or piece by piece. */
type Text = string | AsyncIterable<string>

async function written(path: string, text: Text, mode: number): Promise<string> {
  // No secret, so not from `crypto`, whose loading takes 4 ms and 3 MB: that the file is new is seen to below.
  const draft = `${path}.${Math.random().toString(36).slice(2)}.tmp`
  await orDiscard(draft, promises.writeFile(draft, text, { flag: 'wx', mode, flush: true }))
  return draft
}

async function orDiscard(draft: string, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    await promises.rm(draft, { force: true })
    throw error
  }
}

/**
 * Another text after each change of the file, for who reads it again only then; empty when there is none. Of
 * one that cannot be looked at it is why: reading says so to whoever does.
 */
export function fileVersion(path: string): string {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats === undefined ? '' : [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join()
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}
