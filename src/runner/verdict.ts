/** What an agent's words decide about its run, where its exit does not say everything. */

import { cut } from '../lib/text.ts'
import type { End, Exit } from '../model/end.ts'
import type { Report } from '../workers/report.ts'
import type { Runtime } from '../workers/runtimes/runtime.ts'
import { meaningOf, retryAt, type Said } from '../workers/signs.ts'

export type Verdict =
  /** Its turn ended without complete or block, after a reminder too. */
  | { readonly what: 'unfinished'; readonly said: string }
  | { readonly what: 'quota'; readonly said: string; readonly retryAt: number | null }
  | { readonly what: 'login'; readonly said: string }
  | { readonly what: 'failed'; readonly said: string }
  /** It cannot be worked with as the profile, or the task, would have it. */
  | { readonly what: 'unusable'; readonly said: string }
  /** No sign of life for so many seconds. */
  | { readonly what: 'silent'; readonly during: 'itself' | 'tool'; readonly seconds: number }

/** Undefined where they are no sign of a quota or of a missing login. */
export function verdictOn(said: Said, { signs }: Runtime, now: number): Verdict | undefined {
  const words = 'words' in said ? said.words : said.message
  switch (meaningOf(signs, said)) {
    case 'quota':
      return { what: 'quota', said: words, retryAt: retryAt(said, now) }
    case 'login':
      return { what: 'login', said: words }
    case undefined:
      return undefined
  }
}

/** What a program has told itself about an exit that is not good; undefined where it has told nothing of it. */
export function verdictIn(
  { retry_at, login }: Report,
  exit: Exit,
  said: string,
): Verdict | undefined {
  if (exit.code === 0) return undefined
  if (login !== undefined) return { what: 'login', said: login }
  return retry_at == null ? undefined : { what: 'quota', said, retryAt: retry_at }
}

export interface Ended {
  readonly pid: number
  readonly exit: Exit
  readonly sigkill: boolean
  readonly runtime: Runtime
  readonly profile: string
  /** The task names a model of its own, whatever the profile has. */
  readonly ownModel: boolean
  /** Whose quota it uses. */
  readonly account?: string | undefined
}

/** The end of a run whose worker was ended because of it. */
export function endBy(verdict: Verdict, ended: Ended): End {
  const { pid, exit, sigkill, runtime, profile, account, ownModel } = ended
  switch (verdict.what) {
    case 'quota': {
      const { said, retryAt: retry_at } = verdict
      return { how: 'exited', pid, exit, said, quota: { retry_at }, account }
    }
    case 'login':
      return { how: 'locked_out', exit, reason: loginReason(runtime, verdict.said), profile }
    case 'unusable': {
      const error = `${runtime.title} cannot be used: ${verdict.said}`
      return {
        how: 'not_started',
        error,
        ...(ownModel ? { counted: true } : { counted: false, profile }),
      }
    }
    case 'silent': {
      const { seconds, during } = verdict
      return {
        how: 'timed_out',
        pid,
        exit,
        elapsed: seconds,
        limit: seconds,
        sigkill,
        silent: during,
      }
    }
    default:
      return { how: verdict.what, pid, exit, said: verdict.said }
  }
}

function loginReason({ title, about }: Runtime, said: string): string {
  const words = cut(said.trim(), 300)
  return `${title} is not logged in${words === '' ? '' : ` (${words})`}: ${about.login}; then unblock the task that was stopped by it`
}
