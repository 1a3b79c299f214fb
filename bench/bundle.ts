/** The program as it is published, built anew so that it is the code at hand, and how to start it. */

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import builds from '../rolldown.config.ts'
import { diskFolder } from './folders.ts'

let built: Promise<string> | undefined

/** The file to start. */
export function bundled(): Promise<string> {
  built ??= buildIn(diskFolder())
  return built
}

/** Laid out as in the package: the skills lie beside the program's folder. */
async function buildIn(folder: string): Promise<string> {
  const dir = join(folder, 'dist')
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  for (const { output, ...one } of builds) await build({ ...one, cwd, output: { ...output, dir } })
  cpSync(join(cwd, 'skills'), join(folder, 'skills'), { recursive: true })
  // Of the package: it says what the library's files are.
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  return join(dir, 'main.cjs')
}

/**
 * The environment of a program of ours on the board of `root`. Certificates of this machine would add
 * 33 ms to every start of a Node, ours or not.
 */
export function environmentOn(root: string): Record<string, string> {
  const { PATH = '' } = process.env
  return {
    PATH,
    HOME: root,
    HERMES_KANBAN_HOME: root,
    NODE_COMPILE_CACHE: join(root, 'compile-cache'),
  }
}

export async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}
