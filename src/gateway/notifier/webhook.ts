import { createHmac } from 'node:crypto'
import pkg from '../../../package.json' with { type: 'json' }
import type { GatewaySettings, Variables } from '../../config.ts'
import type { Clock } from '../../lib/clock.ts'
import { cut } from '../../lib/text.ts'
import { SendError } from '../chats/send-error.ts'
import { atMost } from '../part.ts'
import { type Note, wordsFor } from './note.ts'
import type { Sender } from './senders.ts'

export interface WebhookOptions {
  readonly settings: () => Promise<GatewaySettings>
  readonly secrets: () => Promise<Variables>
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Milliseconds before each further try of one delivery. */
  readonly tries?: readonly number[]
  /** Milliseconds that an answer may take. */
  readonly patience?: number
}

/** A receiver that restarts is back within these; one that does not, is down, and asked again more seldom. */
const usualTries = [500, 2000]

/** In seconds: an event that could not be delivered for this long counts as refused. */
const longestDown = 86_400

/** What a text of the board may have in a delivery, in bytes. */
const longestText = 16 * 1024

/** Addresses named in the configuration, told by POST: only those, and only under their names. */
export function webhookSender(options: WebhookOptions): Sender {
  const { settings, secrets, clock, tries = usualTries, patience = 10_000, signal } = options

  async function deliver(url: string, init: RequestInit, since: number): Promise<void> {
    for (const pauseMs of [...tries, undefined]) {
      const answer = await statusOf(
        url,
        init,
        AbortSignal.any([signal, AbortSignal.timeout(patience)]),
      )
      if (typeof answer === 'number' && answer >= 200 && answer < 300) return
      if (typeof answer === 'number' && !isPassing(answer)) {
        throw new SendError('refused', `the receiver answers ${answer}`)
      }
      if (pauseMs === undefined || signal.aborted) {
        const why =
          typeof answer === 'number' ? `answers ${answer}` : `cannot be reached (${answer})`
        const tooLong = clock() - since > longestDown
        throw new SendError(tooLong ? 'refused' : 'down', `the receiver ${why}`)
      }
      await atMost(pauseMs, signal)
    }
  }

  return {
    async accepts(name, { kind }) {
      const webhook = (await settings()).webhooks[name]
      if (webhook === undefined) return 'not here'
      return webhook.kinds.includes(kind) ? 'yes' : 'not this event'
    },
    async send(note, { chat_id: name }) {
      const webhook = (await settings()).webhooks[name]
      if (webhook === undefined) throw new SendError('down', 'it is not in the configuration')
      const secret = (await secrets())[webhook.secret_env]
      if (!secret) throw new SendError('login', `${webhook.secret_env} is not set`)
      const body = JSON.stringify(bodyOf(note))
      const headers = {
        'content-type': 'application/json',
        'user-agent': `hermes-kanban/${pkg.version}`,
        'x-hermes-event': note.kind,
        'x-hermes-delivery': deliveryOf(note),
        'x-hermes-signature': signatureOf(body, secret, clock()),
      }
      // An answer that leads elsewhere is none: what is signed for one place is told to no other.
      const init = { method: 'POST', headers, body, redirect: 'manual' } as const
      await deliver(webhook.url, init, note.event.created_at)
    },
  }
}

/** `t=<unix seconds>,v1=<hex>`: the HMAC-SHA256 of `<t>.<body>`, so that nobody can send an old one again. */
export function signatureOf(body: string, secret: string, now: number): string {
  const digest = createHmac('sha256', secret).update(`${now}.${body}`).digest('hex')
  return `t=${now},v1=${digest}`
}

/** The same for each try of one event: a receiver that has seen it needs it no second time. */
function deliveryOf({ board, event }: Note): string {
  return `${board}:${event.id}`
}

function bodyOf(note: Note) {
  const { board, event, task, run } = note
  const short = (text: string | null) => (text === null ? null : cut(text, longestText))
  return {
    delivery: deliveryOf(note),
    board,
    text: wordsFor(note),
    event,
    task: { ...task, result: short(task.result) },
    run: run === null ? null : { ...run, summary: short(run.summary), error: short(run.error) },
  }
}

/** The status, or a word for why there was none. */
async function statusOf(
  url: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<number | string> {
  try {
    const answer = await fetch(url, { ...init, signal })
    await answer.body?.cancel()
    return answer.status
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    return cause?.code ?? (name === 'TimeoutError' ? 'no answer in time' : name)
  }
}

function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429
}
