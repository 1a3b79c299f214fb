import { once } from 'node:events'
import type { Environment } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import type { Call, Io } from '../operations/command/io.ts'
import type { Style } from '../operations/command/style.ts'

/** The terminal or pipe of a process, as a command line needs it: `name` is what stands before the verb. */
export function terminal(name: string, facts: Environment, host: NodeJS.Process, call: Call): Io {
  const { stdout, stderr } = host
  return {
    name,
    style: styleOf(facts, host),
    out: (text) => stdout.write(`${text}\n`) || once(stdout, 'drain'),
    err: (line) => stderr.write(`hermes: ${line}\n`),
    // Not before it is asked for: opening it takes 1 ms of a start.
    stdin: () => textOf(host.stdin),
    call,
    live: true,
    debug: facts.debug,
  }
}

export function styleOf(facts: Environment, { stdout }: NodeJS.Process): Style {
  return {
    colour: stdout.isTTY && !facts.noColor && facts.variables.TERM !== 'dumb',
    width: stdout.isTTY ? stdout.columns || 80 : undefined,
    now: systemClock(),
  }
}

export async function textOf(stream: NodeJS.ReadStream): Promise<string> {
  stream.setEncoding('utf8')
  let text = ''
  for await (const part of stream) text += part
  return text
}
