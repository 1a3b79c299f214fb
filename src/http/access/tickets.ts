import { monotonic } from '../../lib/clock.ts'
import { token } from '../../lib/ids.ts'

/** How long one is good for, in seconds. */
export const ticketSeconds = 30

/** More than anybody needs at once; the oldest makes room. */
const most = 1000

/** Each lets its bearer in once, where neither a header nor a cookie can be sent. */
export interface Tickets {
  issue(): string
  /** Whether it was good; it is not any more. */
  redeem(ticket: string): boolean
}

export function createTickets(now: () => number = monotonic): Tickets {
  const issued = new Map<string, number>()
  return {
    issue() {
      const ticket = token()
      issued.set(ticket, now() + ticketSeconds * 1000)
      const [oldest] = issued.keys()
      if (issued.size > most && oldest !== undefined) issued.delete(oldest)
      return ticket
    },
    redeem(ticket) {
      const until = issued.get(ticket)
      issued.delete(ticket)
      return until !== undefined && until > now()
    },
  }
}
