import type { Log } from '../lib/log.ts'
import { BoardError, httpStatus } from '../model/error.ts'
import { machineError } from '../model/system-error.ts'

/** Whatever went wrong, as it is answered. What nobody expected is told to the log alone. */
export function refusalOf(thrown: unknown, log: Log): Response {
  // An upgrade may have taken away what an operation is loaded from.
  const error = machineError(thrown) ?? thrown
  if (error instanceof BoardError) {
    const { message: detail, code, details } = error
    const facts = Object.keys(details).length === 0 ? {} : { facts: details }
    return json(httpStatus(code), { detail, code, ...facts }, headersFor(error))
  }
  log.error(`a request failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`)
  return json(500, {
    detail: 'something unexpected went wrong; the log of the dashboard says what: please report it',
    code: 'unexpected',
  })
}

function headersFor({ code, details }: BoardError): Record<string, string> {
  if (code === 'unauthorized') return { 'WWW-Authenticate': 'Bearer' }
  const { allow } = details
  return code === 'wrong_method' && Array.isArray(allow) ? { Allow: allow.join(', ') } : {}
}

function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  })
}
