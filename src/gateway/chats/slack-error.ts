import type { WebAPICallError } from '@slack/web-api'
import { SendError } from './send-error.ts'

const unknownToken = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'missing_scope',
])

const passing = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'ratelimited',
])

/** What a person can do about the most frequent ones. */
const advice: Readonly<Record<string, string>> = {
  not_in_channel: 'the bot is not in this channel: /invite it',
  channel_not_found: 'the bot does not see this channel: /invite it',
  is_archived: 'the channel is archived',
}

/** `variable` holds the token that was used. */
export function slackError(error: unknown, variable: string): unknown {
  const known = error as WebAPICallError
  switch (known?.code) {
    case 'slack_webapi_rate_limited_error':
      return new SendError('later', 'Slack takes no more messages for now', {
        seconds: known.retryAfter,
      })
    case 'slack_webapi_platform_error': {
      const { error: word } = known.data
      if (unknownToken.has(word)) {
        return new SendError('login', `Slack answers ${word}: look at ${variable} and its scopes`)
      }
      const failure = passing.has(word) ? 'down' : 'refused'
      return new SendError(
        failure,
        `Slack answers ${word}${word in advice ? `: ${advice[word]}` : ''}`,
      )
    }
    case 'slack_webapi_http_error':
      return new SendError('down', `Slack answers ${known.statusCode}`)
    case 'slack_webapi_request_error': {
      const { cause } = known.original as { cause?: Error & { code?: string } }
      return new SendError(
        'down',
        `Slack cannot be reached (${cause?.code ?? cause?.message ?? known.original.name})`,
      )
    }
    default:
      return error === undefined || (error as Error).name === 'TimeoutError'
        ? new SendError('down', 'Slack does not answer in time')
        : error
  }
}
