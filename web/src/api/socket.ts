/** The one connection over which the server tells what happens. It comes back on its own. */

export type Connection =
  | { readonly is: 'connecting' }
  | { readonly is: 'live' }
  /** Tried again at this time, in milliseconds of the page. */
  | { readonly is: 'offline'; readonly retryAt: number }
  /** The server knows this page no longer; trying again would not help. */
  | { readonly is: 'denied' }

interface Told<Event> {
  readonly events: readonly Event[]
  readonly cursor: number
}

interface Options<Event> {
  readonly url: (since: number) => string
  readonly since: number
  readonly onEvents: (events: readonly Event[]) => void
  readonly onState: (state: Connection) => void
}

const firstWaitMs = 500
const longestWaitMs = 30_000
const denied = 1008

/** Goes on after the last event it has seen, however often it is cut off. Returns what ends it. */
export function followEvents<Event>({ url, since, onEvents, onState }: Options<Event>): () => void {
  let cursor = since
  let tries = 0
  let socket: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false

  function connect(): void {
    clearTimeout(timer)
    onState({ is: 'connecting' })
    const opened = new WebSocket(url(cursor))
    socket = opened
    opened.onopen = () => {
      tries = 0
      onState({ is: 'live' })
    }
    opened.onmessage = ({ data }) => {
      const told: Told<Event> = JSON.parse(data)
      cursor = told.cursor
      if (told.events.length > 0) onEvents(told.events)
    }
    opened.onclose = ({ code }) => {
      if (ended || socket !== opened) return
      if (code === denied) onState({ is: 'denied' })
      else wait()
    }
  }

  function wait(): void {
    socket = undefined
    // Half of it by chance: many windows must not come back at the same moment.
    const full = Math.min(longestWaitMs, firstWaitMs * 2 ** tries)
    const ms = full / 2 + (Math.random() * full) / 2
    tries += 1
    onState({ is: 'offline', retryAt: Date.now() + ms })
    timer = setTimeout(connect, ms)
  }

  function cutOff(): void {
    const open = socket
    if (open === undefined) return
    wait()
    open.close()
  }

  function comeBack(): void {
    if (socket === undefined) connect()
  }

  window.addEventListener('offline', cutOff)
  window.addEventListener('online', comeBack)
  connect()

  return () => {
    ended = true
    clearTimeout(timer)
    window.removeEventListener('offline', cutOff)
    window.removeEventListener('online', comeBack)
    socket?.close()
  }
}
