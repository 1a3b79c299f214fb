import { statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as sleep } from 'node:timers/promises'
import { rotatedPath } from './log.ts'

/** A person reads along: a look ten times a second costs nothing and works on every file system. */
const pollMs = 100

/**
 * What is written to a log from byte `from` on (its present end when left out), as it comes, across
 * rotations and from before the file exists. Ends when `signal` aborts.
 */
export async function* followLog(
  path: string,
  signal: AbortSignal,
  from = statSync(path, { throwIfNoEntry: false })?.size ?? 0,
): AsyncGenerator<string, void> {
  const decoder = new StringDecoder('utf8')
  const older = rotatedPath(path)
  let rotated = inode(older)
  let position = from
  while (!signal.aborted) {
    const turned = inode(older) !== rotated
    // The older file is there some microseconds before it is complete and the log is empty.
    if (turned) await pause(signal)
    for (;;) {
      const read = await readOn(turned ? older : path, position)
      if (read.length === 0 || signal.aborted) break
      position += read.length
      yield decoder.write(read)
    }
    if (turned) {
      rotated = inode(older)
      position = 0
    } else {
      await pause(signal)
    }
  }
}

function pause(signal: AbortSignal): Promise<void> {
  return sleep(pollMs, undefined, { signal }).catch(() => {})
}

function inode(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}

async function readOn(path: string, position: number): Promise<Buffer> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, position)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  } finally {
    await file?.close()
  }
}
