/** Everything that can be refused, with what each surface makes of it. Exit 2 exactly where REST says 422. */
const codes = {
  invalid: { exit: 2, http: 422 },
  usage: { exit: 2, http: 422 },
  meaningless: { exit: 1, http: 400 },
  not_found: { exit: 1, http: 404 },
  wrong_status: { exit: 1, http: 409 },
  open_parents: { exit: 1, http: 409 },
  still_ending: { exit: 1, http: 409 },
  run_ended: { exit: 1, http: 409 },
  phantom_cards: { exit: 1, http: 409 },
  conflict: { exit: 1, http: 409 },
  unauthorized: { exit: 1, http: 401 },
  forbidden: { exit: 1, http: 403 },
  wrong_method: { exit: 1, http: 405 },
  too_large: { exit: 1, http: 413 },
  board_busy: { exit: 1, http: 503 },
  board_gone: { exit: 1, http: 404 },
  board_corrupt: { exit: 1, http: 500 },
  board_newer: { exit: 1, http: 409 },
  store_unreachable: { exit: 1, http: 503 },
  config: { exit: 1, http: 500 },
  environment: { exit: 1, http: 500 },
} as const

export type ErrorCode = keyof typeof codes

export const errorCodes = Object.keys(codes) as [ErrorCode, ...ErrorCode[]]

/** A refusal that a person or a model reads: what was asked, why not, what to do, in one sentence. */
export class BoardError extends Error {
  override readonly name = 'BoardError'
  readonly code: ErrorCode
  /** Facts behind the sentence for programs (current status, open parents, …). Never a secret. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.code = code
    this.details = details
  }
}

export function exitCode(code: ErrorCode): number {
  return codes[code].exit
}

export function httpStatus(code: ErrorCode): (typeof codes)[ErrorCode]['http'] {
  return codes[code].http
}
