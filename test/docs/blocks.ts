/** The commands of a document, run as a person would, and what it says that they print. */

import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

export interface Block {
  readonly section: string
  readonly script: string
  /** What it prints; empty where the document does not say. */
  readonly prints: string
}

/** Those marked `sh`; what is marked `sh install` is for whoever prepares the stage. */
export function blocksOf(document: string): Block[] {
  const found: Block[] = []
  let section = ''
  for (const [, heading, script, , prints = ''] of document.matchAll(
    /^## (.+)$|^```sh\n([\s\S]*?)^```(?:\n\n(```+)text\n([\s\S]*?)^\3)?/gm,
  )) {
    if (heading !== undefined) section = heading
    if (script !== undefined) found.push({ section, script, prints })
  }
  return found
}

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export async function run(
  script: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  const child = spawn('/bin/sh', ['-euc', script], { cwd, env, stdio: [...stdio] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await ended, stdout, stderr }
}

/** Its lines without what is chance: ids, numbers of runs, times, how long it took. Blanks are as wide as a table needs. */
export function lines(output: string): string[] {
  return output
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .replace(/\bt_[0-9a-f]+\b/g, 't_')
        .replace(/^#\d+/, '#')
        .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d\b/g, 'then')
        .replace(/ \d+ (ms|s)(?=[ ,])/g, ' soon')
        .replace(/ +/g, ' ')
        .trimEnd(),
    )
}
