import { BoardError } from '../model/error.ts'

/** The URL for people: without its password, and what it says of TLS. Cuts too much rather than too little. */
export function withoutPassword(url: string): string {
  return url
    .replace(/^([a-z]+:\/\/[^:@/?]*):.*@/i, '$1@')
    .replace(/([?&][a-z]*password=)[^&]*/gi, '$1…')
    .replace(/([?&])(ssl|uselibpq)[a-z]*=[^&]*/gi, '$1')
    .replace(/([?&])&+/g, '$1')
    .replace(/[?&]$/, '')
}

const LOCK_NOT_AVAILABLE = '55P03'
const DISK_FULL = '53100'
const TOO_MANY_CONNECTIONS = '53300'
const INVALID_SCHEMA = '3F000'
const UNDEFINED_TABLE = '42P01'

/** Classes of SQLSTATE: connection exceptions, too few resources, stopped by an operator. */
const UNREACHABLE = /^(08|53[1-9]|57P)/
/** Wrong password or user, no such database, no right to something, a server that only reads. */
const NOT_ALLOWED = /^(28|3D|42501|25006)/
const SOCKET =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOENT|EACCES)$/
/** The server's certificate, or its lack of one, is not as the URL asks for. */
const UNTRUSTED =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$)/
/** What the driver says in words alone. */
const DRIVER = /connection (terminated|timeout|error)|timeout (expired|exceeded)|not queryable/i
const DRIVER_TLS = /SSL|sslmode/

/** The connection is no more, or there never was one: nothing of the transaction is kept. */
export function isDisconnected(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof BoardError) return false
  const code = codeOf(error)
  return SOCKET.test(code) || /^(08|57P)/.test(code) || (code === '' && DRIVER.test(error.message))
}

/** The table or the whole schema is not there. */
export function isMissing(error: unknown): boolean {
  return [INVALID_SCHEMA, UNDEFINED_TABLE].includes(codeOf(error))
}

/** What the server or the way to it says, for people. An error in a query comes back as it is. */
export function postgresError(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || error instanceof BoardError) return error
  const code = codeOf(error)
  if (code === LOCK_NOT_AVAILABLE) {
    return refusal(
      'board_busy',
      'is locked by another program and no turn came in time: try again, or end that program',
    )
  }
  if (code === DISK_FULL)
    return refusal('environment', 'cannot grow: the disk of its server is full')
  if (code === TOO_MANY_CONNECTIONS) {
    return refusal(
      'store_unreachable',
      'has no connection to spare: raise max_connections of its server, or use fewer boards and workers',
    )
  }
  if (code === 'NO_PASSWORD') return refusal('config', `cannot be used: ${error.message}`)
  if (UNTRUSTED.test(code) || (code === '' && DRIVER_TLS.test(error.message))) {
    return refusal(
      'config',
      `cannot be trusted (${firstSentence(error.message)}): see that the server has TLS turned on, that the URL names it as its certificate does, and, where its authority is your own, that sslrootcert=<file> in the URL names it`,
    )
  }
  if (code === 'ENOENT' && 'syscall' in error && error.syscall === 'open') {
    return refusal('config', `cannot be used (${error.message}): check the URL`)
  }
  if (isDisconnected(error) || UNREACHABLE.test(code)) {
    return refusal(
      'store_unreachable',
      `cannot be reached (${reason(error)}): is its server running?`,
    )
  }
  if (NOT_ALLOWED.test(code)) {
    return refusal(
      'config',
      `cannot be used (${error.message}): check the URL and the user's rights`,
    )
  }
  if (code === 'ERR_INVALID_URL') return refusal('config', 'is not the URL of a database: check it')
  return error

  function refusal(
    kind: ConstructorParameters<typeof BoardError>[0],
    sentence: string,
  ): BoardError {
    return new BoardError(kind, `${place} ${sentence}`, { place })
  }
}

/** Node and the driver go on with advice about themselves. */
function firstSentence(text: string): string {
  return text.split(/[;.](?:\s|$)/)[0] ?? text
}

/** Node reports several failed addresses as one error without words. */
function reason(error: Error): string {
  return error.message || codeOf(error)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
