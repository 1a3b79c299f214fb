/** Operations on behalf of somebody in a chat. */

import { hostname } from 'node:os'
import { type Board, openBoard } from '../../board/board.ts'
import { allBoards, chooseBoard } from '../../board/places.ts'
import { type Environment, readConfig } from '../../config.ts'
import type { Log } from '../../lib/log.ts'
import { neutralise, oneLine, wellFormed } from '../../lib/text.ts'
import type { Context } from '../../operations/operation.ts'
import type { Store } from '../../store/store.ts'
import { pin, pinned } from '../memory/chats.ts'
import type { Subject } from '../memory/messages.ts'
import type { GatewayOptions } from '../run.ts'
import type { Incoming, Platform } from './platform.ts'

/** What whoever sees to an event has at hand. */
export interface Seeing extends Pick<GatewayOptions, 'environment' | 'clock' | 'pid' | 'program'> {
  readonly log: Log
  readonly platform: Platform
  readonly memory: Store
  readonly signal: AbortSignal
}

export interface Asking {
  /** The slug of a board; the one that is meant where none is named. */
  readonly board?: string
  readonly onCreated?: (subject: Subject) => void
}

/** Does `work` as the user of the event, from their chat. */
export async function asUser<T>(
  event: Incoming,
  of: Seeing,
  { board, onCreated }: Asking,
  work: (context: Context) => Promise<T>,
): Promise<T> {
  const { environment, clock, platform, memory, pid, program, signal } = of
  const { chat_id, thread_id } = event
  const spot = { platform: platform.name, chat_id, thread_id }
  let opened: Promise<Board> | undefined
  const context: Context = {
    environment,
    board: () => {
      opened ??= placeOf(environment, board).then((place) => openBoard(place, clock))
      return opened
    },
    config: async () => (await readConfig(environment.root)).config,
    actor: await actorOf(event, platform),
    claimant: { host: hostname(), pid },
    program,
    chat: {
      ...spot,
      folder: await memory.read((reader) => pinned(reader, spot)),
      pin: (folder) => memory.write((tx) => pin(tx, spot, folder)),
      onCreated: (task_id, slug) => onCreated?.({ task_id, board: slug }),
    },
    signal,
  }
  try {
    return await work(context)
  } finally {
    const used = await opened?.catch(() => undefined)
    await used?.store.close()
  }
}

/** A board as the notifier names it; where a database is pinned, its slug is not the name of a folder. */
async function placeOf(environment: Environment, slug: string | undefined) {
  if (slug === undefined) return chooseBoard(environment)
  const known = (await allBoards(environment)).find((place) => place.slug === slug)
  return known ?? chooseBoard(environment, slug)
}

/** `ann@telegram`: nobody there has another's handle, and no profile has such a name. */
export async function actorOf({ user }: Incoming, platform: Platform): Promise<string> {
  const name = neutralise(oneLine(wellFormed(await platform.nameOf(user))))
  return `${name.slice(0, 100)}@${platform.name}`
}
