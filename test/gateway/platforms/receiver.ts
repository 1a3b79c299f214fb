/** Somebody's server that takes webhooks. */

import { createLog, type Local, type Log, serve, textOf } from './server.ts'

export interface Delivery {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent
  readonly body: any
  /** As it came. */
  readonly text: string
}

export interface Receiver extends Local {
  readonly received: Log<Delivery>
  /** What the next request is answered; 204 when it says nothing. */
  odd: () => { readonly status: number; readonly location?: string } | 'hang' | undefined
}

export async function startReceiver(): Promise<Receiver> {
  const received = createLog<Delivery>()
  const local = await serve(async (request, reply) => {
    const text = await textOf(request)
    received.add({
      path: request.url ?? '',
      headers: request.headers,
      body: JSON.parse(text),
      text,
    })
    const odd = receiver.odd()
    if (odd === 'hang') return
    if (odd?.location !== undefined) reply.setHeader('location', odd.location)
    reply.writeHead(odd?.status ?? 204).end()
  })
  const receiver: Receiver = { ...local, received, odd: () => undefined }
  return receiver
}
