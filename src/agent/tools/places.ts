/**
 * Where the file tools may reach: the worker's folder and those that its profile names, links followed. It
 * keeps a model from straying; who has the terminal as well is the user, and is not held by it.
 */

import { readlink, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { Refused } from './tool.ts'

export interface Places {
  readonly folder: string
  /** Absolute paths besides it. */
  readonly more: readonly string[]
  /** Absolute paths that may be read and not changed. */
  readonly readable: readonly string[]
}

/** The real path of what is named, there or not. Throws `Refused` for what lies elsewhere. */
export async function locate(
  { folder, more, readable }: Places,
  path: string,
  purpose: 'read' | 'write',
): Promise<string> {
  const allowed = [folder, ...more, ...(purpose === 'read' ? readable : [])]
  const real = await realOf(resolve(folder, path))
  for (const place of allowed) {
    if (isWithin(await realOf(place), real)) return real
  }
  const where = [folder, ...more].join(' and ')
  throw new Refused(
    `${path} is outside of where files may be ${purpose === 'read' ? 'read' : 'written'}: use a path in ${where}`,
  )
}

/** How a path is shown: short where it is in the folder. */
export function shown({ folder }: Places, real: string): string {
  const path = relative(folder, real)
  return path.startsWith('..') || isAbsolute(path) ? real : path || '.'
}

/** Of something that is not there yet: that of the folder above it that is. */
async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    const real = join(await realOf(dirname(path)), basename(path))
    // A link to nothing is there, and whoever writes to it makes what it names.
    const target = await readlink(real).catch(() => undefined)
    return target === undefined ? real : realOf(resolve(dirname(real), target))
  }
}

function isWithin(place: string, path: string): boolean {
  const way = relative(place, path)
  return way.split('/')[0] !== '..' && !isAbsolute(way)
}
