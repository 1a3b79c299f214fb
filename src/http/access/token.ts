/** The secret of an installation: whoever knows it is its owner, as far as the dashboard can tell. */

import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runFolder } from '../../dispatcher/host.ts'
import { fileVersion, privateFolder, writeOnce, writePrivate } from '../../lib/files.ts'
import { token } from '../../lib/ids.ts'
import { BoardError } from '../../model/error.ts'

function tokenFile(root: string): string {
  return join(runFolder(root), 'dashboard-token')
}

/** Made at the first use. The function answers what the file holds now: a rotation counts at once. */
export async function installationToken(root: string): Promise<() => string> {
  const path = tokenFile(root)
  await privateFolder(runFolder(root))
  await writeOnce(path, `${token()}\n`)
  let version = ''
  let known = ''
  return () => {
    const now = fileVersion(path)
    if (now !== version) {
      known = read(path)
      version = now
    }
    return known
  }
}

/** Takes the place of the one before, whose links, cookies and sockets are good for nothing from then on. */
export async function rotateToken(root: string): Promise<void> {
  await privateFolder(runFolder(root))
  await writePrivate(tokenFile(root), `${token()}\n`)
}

function read(path: string): string {
  const text = textOf(path)
  // An empty or short one would let anybody in.
  if (/^[0-9a-f]{32,}$/.test(text)) return text
  throw new BoardError(
    'environment',
    `${path} holds no token: make another one with hermes dashboard --new-token`,
  )
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

/** What the browser keeps in place of the token. */
export function cookieValue(secret: string): string {
  return createHmac('sha256', secret).update('hermes-kanban dashboard cookie').digest('hex')
}
