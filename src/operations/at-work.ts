import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { runFolder } from '../dispatcher/host.ts'
import { readTicket } from '../dispatcher/ticket.ts'
import { socketPath } from '../lib/socket.ts'

/** A task of the board whose runner answers, as the folders of runs tell: for a board whose own file cannot. */
export async function taskAtWork(root: string, slug: string): Promise<string | undefined> {
  for (const name of await readdir(runFolder(root)).catch(() => [])) {
    const folder = join(runFolder(root), name)
    const ticket = await readTicket(folder).catch(() => undefined)
    if (ticket?.place.slug === slug && (await answers(socketPath(folder)))) return ticket.task
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
