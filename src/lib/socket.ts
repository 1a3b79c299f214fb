import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { shortDigest } from './digest.ts'

/** The kernel takes paths of sockets up to 103 bytes on macOS, 107 on Linux. */
const longest = 103

/** The folder of sockets whose own folder has too long a path. It must be made 0700 before use. */
export function shortFolder(): string {
  return join(tmpdir(), `hermes-kanban-${userInfo().uid}`)
}

/** Where the socket that belongs to `folder` is, for both ends alike. */
export function socketPath(folder: string): string {
  const own = join(folder, 'socket')
  if (Buffer.byteLength(own) <= longest) return own
  return join(shortFolder(), shortDigest(folder, 16))
}
