import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { findServer, unprivileged } from '../../tools/postgres-server.mjs'

export interface Cluster {
  /** Connects as the superuser `kanban` to the database `postgres`. */
  url: string
  /** Stops the server, in good order or as if it had crashed. */
  halt: (how: 'well' | 'badly') => Promise<void>
  /** Starts it again, and waits until it can be used. */
  resume: () => Promise<void>
  /** For good. */
  stop: () => Promise<void>
}

/**
 * Nothing survives its starter: when our end of stdin closes, however we die, the shell stops the server and
 * removes the folder. Until then each line is a signal for it, or `start`; told on stdout when it is done.
 */
const GUARD = `
  start() { "$@" >/dev/null 2>>"$0/log" & p=$!; }
  start "$@"
  trap "" INT TERM HUP
  while read -r word; do
    case $word in start) start "$@";; *) kill -"$word" $p; wait $p;; esac
    echo "$word"
  done
  kill -INT $p 2>/dev/null; wait $p; rm -rf "$0"`

const THROWAWAY = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

/** What was committed is there after a crash of the server, though not of the machine. */
export const durable = ['synchronous_commit=on']

const START_MS = 20_000

/** A new PostgreSQL in a temporary folder, reached by a socket in it alone. Throws when there is none to start. */
export async function startCluster(extra: readonly string[] = []): Promise<Cluster> {
  const bin = findServer()
  if (!bin) throw new Error('no PostgreSQL found: install its server, or put initdb on the PATH')
  const user = unprivileged()
  const dir = mkdtempSync(join(tmpdir(), 'kanban-pg-'))
  if (user.uid !== undefined) chownSync(dir, user.uid, user.gid)
  // Settings of the machine (PGHOST, PGOPTIONS and so on) must not reach it.
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
  const data = join(dir, 'data')

  const cluster = [
    '-D',
    data,
    '-U',
    'kanban',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]
  try {
    execFileSync(join(bin, 'initdb'), cluster, {
      ...user,
      cwd: dir,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  } catch (error) {
    rmSync(dir, { recursive: true })
    throw error
  }

  const all = ['listen_addresses=', 'max_connections=200', ...THROWAWAY, ...extra]
  const settings = all.flatMap((setting) => ['-c', setting])
  const server = spawn(
    'sh',
    ['-c', GUARD, dir, join(bin, 'postgres'), '-D', data, '-k', dir, ...settings],
    {
      ...user,
      cwd: '/',
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      // Ctrl-C in a terminal goes to the whole group; the server is to outlive the tests that are still ending.
      detached: true,
    },
  )
  const ended = once(server, 'exit')
  // It may end without having been waited for.
  ended.catch(() => {})
  const stop = async () => {
    server.stdin.end()
    await ended
  }
  const tell = async (word: string) => {
    const told = once(server.stdout, 'data')
    server.stdin.write(`${word}\n`)
    await told
  }

  const url = `postgresql://kanban@/postgres?host=${encodeURIComponent(dir)}`
  const ready = async () => {
    const deadline = performance.now() + START_MS
    while (!(await accepts(url))) {
      if (performance.now() > deadline) {
        const log = readFileSync(join(dir, 'log'), 'utf8')
        await stop()
        throw new Error(`PostgreSQL did not start:\n${log}`)
      }
      await pause(10)
    }
  }
  await ready()
  return {
    url,
    halt: (how) => tell(how === 'well' ? 'INT' : 'QUIT'),
    async resume() {
      await tell('start')
      await ready()
    },
    stop,
  }
}

async function accepts(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
