import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { keyOf, type Place } from '../board/board.ts'
import { runFolder } from '../dispatcher/host.ts'
import { glanceAt } from '../dispatcher/ticket.ts'
import { socketPath } from '../lib/socket.ts'

/** A task of the board whose runner answers, as the folders of runs tell: for a board whose own file cannot. */
export async function taskAtWork(root: string, slug: string): Promise<string | undefined> {
  return (await runWhose(root, ({ place }) => place?.slug === slug))?.task
}

/** Whether a runner answers for a task of that id on another board: a copy of a board has the same ids, and may have the same folders. */
export async function isAtWorkElsewhere(root: string, task: string, here: Place): Promise<boolean> {
  const run = await runWhose(
    root,
    (seen) => seen.task === task && seen.place !== undefined && keyOf(seen.place) !== keyOf(here),
  )
  return run !== undefined
}

type Glance = Awaited<ReturnType<typeof glanceAt>>

async function runWhose(
  root: string,
  fits: (glance: Glance) => boolean,
): Promise<Glance | undefined> {
  for (const name of await readdir(runFolder(root)).catch(() => [])) {
    const folder = join(runFolder(root), name)
    const glance = await glanceAt(folder)
    if (fits(glance) && (await answers(socketPath(folder)))) return glance
  }
  return undefined
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
      .on('connect', () => {
        socket.destroy()
        resolve(true)
      })
      .on('error', () => resolve(false))
  })
}
