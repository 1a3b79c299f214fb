import type { Log } from '../../lib/log.ts'
import type { Store } from '../../store/store.ts'
import { createLanes } from '../lanes.ts'
import { begin, finish, forgetOldKeys, keep, waiting } from '../memory/inbox.ts'
import { forgetOldMessages } from '../memory/messages.ts'
import type { Incoming } from './platform.ts'
import { redact } from './redact.ts'

export interface InboxOptions {
  readonly platform: string
  readonly memory: Store
  readonly log: Log
  /** Sees to an event that nobody has begun to see to. */
  readonly see: (event: Incoming) => Promise<void>
  /** Says of one that somebody had begun to see to, and did not end, that nobody knows how far they came. */
  readonly excuse: (event: Incoming) => Promise<void>
  readonly signal: AbortSignal
}

export interface Inbox {
  /** Resolves when it is kept. An event that is delivered again is acknowledged again, and no more. */
  put(event: Incoming, acknowledge: () => Promise<unknown>): Promise<void>
  /** Begins to see to what an earlier gateway left. */
  resume(): void
  idle(): Promise<void>
}

/** First written down, then acknowledged, then seen to: in order in each chat, and no chat waits for another. */
export async function openInbox({
  platform,
  memory,
  log,
  see,
  excuse,
  signal,
}: InboxOptions): Promise<Inbox> {
  const lanes = createLanes()
  await memory.write(forgetOldKeys)
  await memory.write(forgetOldMessages)
  // Read before anything new can come: that is seen to by who keeps it.
  let left = await memory.read((reader) => waiting(reader, platform))

  function enqueue(event: Incoming, work: () => Promise<void>): void {
    lanes.add(event.chat_id, async () => {
      // What is left is kept, and seen to by the next gateway.
      if (signal.aborted) return
      try {
        await work()
      } catch (error) {
        log.error(`an event was not seen to or not answered: ${redact(error)}`)
      }
    })
  }

  async function once(event: Incoming): Promise<void> {
    await memory.write((tx) => begin(tx, platform, event.key))
    try {
      await see(event)
    } finally {
      await memory.write((tx) => finish(tx, platform, event.key))
    }
  }

  return {
    async put(event, acknowledge) {
      const isNew = await memory.write((tx) => keep(tx, platform, event))
      const acknowledged = acknowledge().catch((error) => {
        log.debug(`an event could not be acknowledged: ${redact(error)}`)
      })
      if (!isNew) return
      enqueue(event, async () => {
        await acknowledged
        await once(event)
      })
    },
    resume() {
      for (const { event, begun } of left) {
        enqueue(event, async () => {
          if (!begun) return once(event)
          await memory.write((tx) => finish(tx, platform, event.key))
          await excuse(event)
        })
      }
      left = []
    },
    idle: lanes.idle,
  }
}
