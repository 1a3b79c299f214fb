import { type Board, keyOf } from '../../board/board.ts'
import { feed } from '../../board/feed.ts'
import { latestEventId } from '../../board/history.ts'
import { readSecrets } from '../../config.ts'
import { thisHost } from '../../dispatcher/host.ts'
import { openBoards } from '../../dispatcher/open-boards.ts'
import { troubles } from '../../dispatcher/trouble.ts'
import { telling } from '../../model/event.ts'
import type { Store } from '../../store/store.ts'
import { droppedWithin, noteDropped } from '../memory/dropped.ts'
import { openMemory } from '../memory/open.ts'
import { atMost, type Part, type PartStatus } from '../part.ts'
import type { Shared } from '../parts.ts'
import { createComplaints } from './complaints.ts'
import { createDesk, type Desk } from './desk.ts'
import { usualWaits, type Waits } from './waits.ts'
import { type WebhookOptions, webhookSender } from './webhook.ts'

export interface NotifierTiming extends Pick<WebhookOptions, 'tries' | 'patience'> {
  readonly waits?: Waits
}

/**
 * How soon a board that was made meanwhile is seen, in milliseconds: a look at folders takes 0.2 of them,
 * of a server it is a question over the network.
 */
const boardsMs = { sqlite: 1000, postgres: 5000 } as const

/** How often everything is looked at again, in milliseconds: the lists may have changed, another gateway ended. */
const sweepMs = 30_000

/** How long status tells of a subscription that was dropped, in seconds. */
const tellsDropped = 86_400

const tells = new Set<string>(telling)

/** Tells subscriptions what happens, on every board of the home. */
export function notifierPart(
  shared: Shared,
  onChange: () => void,
  { waits = usualWaits, ...timing }: NotifierTiming = {},
): Part {
  const { environment, clock, senders, settings } = shared
  const log = shared.log.part('notifier')
  const complaints = createComplaints()
  let status: PartStatus = { state: 'starting', says: '', warning: null }

  function isOn(): void {
    const warning = complaints.warning()
    if (status.state === 'on' && status.warning === warning) return
    status = { state: 'on', says: '', warning }
    onChange()
  }

  async function newDesk(memory: Store, signal: AbortSignal): Promise<Desk> {
    const tellDropped = async (): Promise<void> => {
      complaints.dropped(await memory.read((reader) => droppedWithin(reader, tellsDropped)))
    }
    await tellDropped()
    return createDesk({
      senders,
      owner: await thisHost(environment.root),
      log,
      waits,
      signal,
      async onDropped(place, board, reason) {
        await memory.write((tx) => noteDropped(tx, { ...place, board, reason }))
        await tellDropped()
        isOn()
      },
      onTrouble(place, trouble) {
        complaints.note(place, trouble)
        isOn()
      },
    })
  }

  /** Follows the boards of the home, those that are made meanwhile too, until the signal. */
  async function followAll(desk: Desk, signal: AbortSignal): Promise<void> {
    const open = openBoards(environment, clock)
    const trouble = troubles(log)
    const following = new Map<string, { readonly board: Board; readonly ended: Promise<void> }>()
    const everything = (): void => {
      complaints.forget()
      for (const { board } of following.values()) void desk.look(board).catch(() => {})
    }
    const unready = senders.onReady(() => {
      desk.forgive()
      everything()
    })
    const sweep = setInterval(everything, sweepMs)
    try {
      while (!signal.aborted) {
        const { boards, faults } = await open.all()
        const now = trouble()
        for (const { board, error } of faults) now.tell(board, error)
        for (const board of boards) {
          const key = keyOf(board)
          if (following.has(key)) continue
          const ended = follow(board, desk, signal)
            .catch((error) => log.debug(`${board.slug} is not followed: ${error.message}`))
            .finally(() => following.delete(key))
          following.set(key, { board, ended })
        }
        isOn()
        await atMost(boardsMs[boards[0]?.store.dialect ?? 'sqlite'], signal)
      }
    } finally {
      clearInterval(sweep)
      unready()
      await Promise.all([...following.values()].map(({ ended }) => ended))
      await desk.idle()
      await open.close()
    }
  }

  return {
    name: 'notifier',
    status: () => status,
    async start(signal) {
      await settings()
      const memory = await openMemory(environment.root, clock)
      const secrets = () => readSecrets(environment)
      senders.set('webhook', webhookSender({ settings, secrets, clock, signal, ...timing }))
      try {
        await followAll(await newDesk(memory, signal), signal)
      } finally {
        senders.set('webhook', undefined)
        await memory.close()
      }
    },
  }
}

/** Until the signal, or until the board is gone. */
async function follow(board: Board, desk: Desk, signal: AbortSignal): Promise<void> {
  const { store } = board
  const since = await store.read(latestEventId)
  await desk.look(board)
  for await (const events of feed(store, since, signal)) {
    const tasks = events.filter(({ kind }) => tells.has(kind)).map(({ task_id }) => task_id)
    if (tasks.length > 0) await desk.look(board, [...new Set(tasks)])
  }
}
