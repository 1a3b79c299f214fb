/** A claim is held by `<host>:<pid>:<token>`; the token is a secret between the board and the worker. */
export function claimLock(host: string, pid: number, token: string): string {
  return `${host}:${pid}:${token}`
}

/** `<host>:<pid>`: all of a lock that anybody else may see. */
export function publicLock(lock: string): string {
  return /^(.*:\d+):[^:]*$/.exec(lock)?.[1] ?? lock
}

/** The secret part, by which a run's processes are known. Undefined on locks of other programs. */
export function lockToken(lock: string): string | undefined {
  return /:\d+:([0-9a-f]{32,})$/.exec(lock)?.[1]
}
