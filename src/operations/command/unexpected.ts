/** What is said of an error that nobody foresaw: a line, or where it comes from for whoever debugs. */
export function unexpected(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error) return error.stack ?? error.message
  const message = error instanceof Error ? error.message : String(error)
  return `unexpected: ${message.split('\n')[0]} (HERMES_DEBUG=1 shows where it comes from)`
}
