import { once } from 'node:events'
import { fstatSync, writeSync } from 'node:fs'
import type { Environment } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import type { Call, Io } from '../operations/command/io.ts'
import type { Style } from '../operations/command/style.ts'

/** The terminal or pipe of a process, as a command line needs it: `name` is what stands before the verb. */
export function terminal(name: string, facts: Environment, host: NodeJS.Process, call: Call): Io {
  return {
    name,
    style: styleOf(facts, host),
    out: printerTo(host),
    err: (line) => host.stderr.write(`hermes: ${line}\n`),
    // Not before it is asked for: opening it takes 1 ms of a start.
    stdin: () => textOf(host.stdin),
    call,
    live: true,
    debug: facts.debug,
  }
}

export function styleOf(facts: Environment, host: NodeJS.Process): Style {
  const now = systemClock()
  if (isPlain(host)) return { colour: false, width: undefined, now }
  const { stdout } = host
  return {
    colour: stdout.isTTY && !facts.noColor && facts.variables.TERM !== 'dumb',
    width: stdout.isTTY ? stdout.columns || 80 : undefined,
    now,
  }
}

/** Whether what is printed goes to a file or a pipe. To ask `process.stdout` is to open it. */
function isPlain(host: NodeJS.Process): boolean {
  // Whoever stands in for the process has an output of its own.
  if (host !== process) return false
  try {
    const output = fstatSync(1)
    return output.isFile() || output.isFIFO() || output.isSocket()
  } catch {
    return false
  }
}

/**
 * Opening `process.stdout` loads thirty of Node's modules, 3 ms of a command: a file or a pipe is written to
 * without it. What that does not take (nobody reads on, the disk is full) is left to the stream, and so is
 * all that is printed by what listens for signals: while a write waits for its reader, none would be heard.
 */
function printerTo(host: NodeJS.Process): Io['out'] {
  let direct = isPlain(host)
  return (text) => {
    let left: Buffer = Buffer.from(`${text}\n`)
    if (host.listenerCount('SIGTERM') > 0) direct = false
    try {
      while (direct && left.length > 0) left = left.subarray(writeSync(1, left))
    } catch {
      direct = false
    }
    return left.length === 0 || host.stdout.write(left) || once(host.stdout, 'drain')
  }
}

export async function textOf(stream: NodeJS.ReadStream): Promise<string> {
  stream.setEncoding('utf8')
  let text = ''
  for await (const part of stream) text += part
  return text
}
