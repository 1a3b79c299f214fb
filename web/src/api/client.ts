import type { ErrorCode } from '../../../src/model/error.ts'

const base = '/api/plugins/kanban'

/** What the server refused, in its own words; or that it could not be reached. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  readonly code: ErrorCode | 'unreachable' | 'unauthorized' | 'unexpected'

  constructor(status: number, code: Refused['code'], message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly query?: Query
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

/** One call of the API. Throws `Refused` for whatever is not an answer. */
export async function call<Answer>(path: string, options: Call = {}): Promise<Answer> {
  const { method = 'GET', query = {}, body, signal } = options
  const response = await reach(address(path, query), {
    method,
    ...(signal === undefined ? {} : { signal }),
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const answer = await parsed(response)
  if (response.ok) return answer as Answer
  throw refusal(response.status, answer)
}

export function address(path: string, query: Query): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, String(value)]],
  )
  const search = new URLSearchParams(given).toString()
  return `${base}${path}${search && `?${search}`}`
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new Refused(0, 'unreachable', 'the server cannot be reached: nothing was changed')
  }
}

async function parsed(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}

function refusal(status: number, answer: unknown): Refused {
  const { detail, code } = (answer ?? {}) as { detail?: unknown; code?: Refused['code'] }
  if (status === 401) {
    return new Refused(status, 'unauthorized', 'this page is no longer allowed to see the board')
  }
  const words = typeof detail === 'string' ? detail : `the server answered ${status}`
  return new Refused(status, code ?? 'unexpected', words)
}

/** An error as a sentence for a person. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
