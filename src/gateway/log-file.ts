import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { runFolder } from '../dispatcher/host.ts'
import { openPrivate, privateFolder } from '../lib/files.ts'

/** Longer than this it is put aside at the next start, in bytes. */
const longest = 5 * 1024 * 1024

export function logFile(root: string): string {
  return join(runFolder(root), 'gateway.log')
}

/** Open for what a gateway in the background says. Only while none runs. The caller closes it. */
export async function openLogFile(root: string): Promise<FileHandle> {
  const path = logFile(root)
  await privateFolder(runFolder(root))
  const size = await sizeOf(path)
  if (size > longest) await rename(path, `${path}.1`)
  return openPrivate(path)
}

/** What was written from byte `start` on. */
export async function readFrom(path: string, start: number): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.max(0, size - start))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0
}
