/** Disks that can be filled and shut, for those who may mount one: root on Linux. */

import { execFileSync } from 'node:child_process'
import {
  closeSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Why no disk can be had here; undefined where it can. */
export const noDisk = whyNoDisk()

if (noDisk !== undefined) console.warn(`Tests of full and read-only disks are skipped: ${noDisk}`)

function whyNoDisk(): string | undefined {
  if (process.platform !== 'linux') return 'they mount disks as Linux does'
  const folder = mkdtempSync(join(tmpdir(), 'kanban-disk-'))
  try {
    mount('-t', 'tmpfs', '-o', 'size=1m', 'none', folder)
    execFileSync('umount', [folder], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'this user may not mount any'
  } finally {
    rmdirSync(folder)
  }
}

function mount(...words: string[]): void {
  execFileSync('mount', words, { stdio: 'ignore' })
}

export interface Disk {
  readonly path: string
  /** Uses up all room but so many bytes. */
  fill(left?: number): void
  /** Gives back what `fill` has used. */
  free(): void
}

/** Gone with the test. */
export function smallDisk(megabytes: number): Disk {
  const path = mkdtempSync(join(tmpdir(), 'kanban-disk-'))
  mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'none', path)
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', path])
    rmdirSync(path)
  })
  const filler = join(path, 'filler')
  return {
    path,
    fill(left = 0) {
      const size = writeUntilFull(filler)
      if (left > 0) truncateSync(filler, Math.max(0, size - left))
    },
    free: () => rmSync(filler, { force: true }),
  }
}

function writeUntilFull(path: string): number {
  const file = openSync(path, 'a')
  const block = Buffer.alloc(4096)
  let size = 0
  try {
    for (;;) size += writeSync(file, block)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    return size
  } finally {
    closeSync(file)
  }
}

/** From here on nothing new is written below this folder. Returns what opens it again. */
export function shut(folder: string): () => void {
  mount('--bind', folder, folder)
  mount('-o', 'remount,ro,bind', folder)
  let isShut = true
  const open = (): void => {
    if (isShut) execFileSync('umount', ['--lazy', folder])
    isShut = false
  }
  onTestFinished(open)
  return open
}
