#!/usr/bin/env node
// Static imports run before the first line, so an old Node must find none here that it could not load.
import module from 'node:module'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) {
  void start()
} else {
  process.stderr.write(
    `hermes needs Node.js 22.18 or newer, but this is ${process.version} (${process.execPath}): install a newer one, or put it first on the PATH.\n`,
  )
  process.exitCode = 1
}

const surfaces = {
  gateway: {
    summary: 'the process that starts workers: start, stop, status, install',
    words: ['run', 'start', 'stop', 'restart', 'status', 'install', 'uninstall', 'manifest'],
    load: async () => (await import('./gateway/main.ts')).gateway,
  },
  dashboard: {
    summary: 'the board as a page in the browser, and as an API for scripts',
    words: ['--host', '--port', '--no-open', '--new-token'],
    load: async () => (await import('./gateway/dashboard/dashboard.ts')).dashboard,
  },
  daemon: { load: async () => (await import('./gateway/daemon.ts')).daemon },
}

async function start(): Promise<void> {
  module.enableCompileCache()
  silenceSqliteWarning()
  endWithTheReader()
  const { main } = await import('./cli/main.ts')
  process.exitCode = await main(process, surfaces)
}

/** Node 22 calls node:sqlite experimental each time; every other warning still shows. */
function silenceSqliteWarning(): void {
  const emit = process.emitWarning
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    const [options] = rest as [string | { type?: string } | undefined]
    const type = typeof options === 'object' ? options.type : options
    if (type === 'ExperimentalWarning' && String(warning).startsWith('SQLite')) return
    Reflect.apply(emit, process, [warning, ...rest])
  }
}

/**
 * `hermes kanban list | head -1` is no error: when nobody reads on, there is nothing left to do. A full disk
 * is one. Said when stdout is opened, which not every command needs and which takes 3 ms.
 */
function endWithTheReader(): void {
  const open: (() => NodeJS.WriteStream) | undefined = Object.getOwnPropertyDescriptor(
    process,
    'stdout',
  )?.get
  if (open === undefined) {
    // Somebody who was loaded before us has opened it, or has put another one there.
    process.stdout.on('error', cannotWrite)
    return
  }
  let stdout: NodeJS.WriteStream | undefined
  Object.defineProperty(process, 'stdout', {
    configurable: true,
    enumerable: true,
    get() {
      stdout ??= open.call(process).on('error', cannotWrite)
      return stdout
    },
  })
}

function cannotWrite(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit()
  process.stderr.write(`hermes: cannot write: ${error.message}\n`)
  process.exit(1)
}
