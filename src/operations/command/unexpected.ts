import { messageOf } from '../../lib/thrown.ts'

/** What is said of an error that nobody foresaw: a line, or where it comes from for whoever debugs. */
export function unexpected(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error) return error.stack ?? error.message
  return `unexpected: ${messageOf(error).split('\n')[0]} (HERMES_DEBUG=1 shows where it comes from)`
}
