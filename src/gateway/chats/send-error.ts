/**
 * Why a message was not accepted. `down`: the platform, or the way to it. `later`: in `seconds`, its limit
 * on messages is reached. `login`: it does not know our credentials. `moved`: the chat has the id `to` now.
 * `refused`: this message, or anything in this chat; only that counts against the chat.
 */
export type Failure = 'down' | 'later' | 'login' | 'moved' | 'refused'

export class SendError extends Error {
  override readonly name = 'SendError'
  readonly failure: Failure
  readonly seconds: number
  readonly to: string

  constructor(
    failure: Failure,
    message: string,
    { seconds = 0, to = '' }: { seconds?: number; to?: string } = {},
  ) {
    super(message)
    this.failure = failure
    this.seconds = seconds
    this.to = to
  }
}
