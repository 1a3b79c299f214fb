import { z } from 'zod'
import { environment } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import { runCommandLine } from '../operations/command/run.ts'
import type { Style } from '../operations/command/style.ts'
import { callerFor } from './caller.ts'

/** `hermes kanban …` in a terminal or a script. */
export async function kanban(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  // Compiling a schema pays when it is used often; here each is used once.
  z.config({ jitless: true })
  const { stdout, stderr } = host
  const facts = environment(host.env)
  const caller = await callerFor(facts, host)
  const style: Style = {
    colour: stdout.isTTY && !facts.noColor && facts.variables.TERM !== 'dumb',
    width: stdout.isTTY ? stdout.columns || 80 : undefined,
    now: systemClock(),
  }
  try {
    return await runCommandLine(argv, {
      name: 'hermes kanban',
      style,
      out: (text) => stdout.write(`${text}\n`),
      err: (line) => stderr.write(`hermes: ${line}\n`),
      stdin: () => textOf(host.stdin),
      call: caller.call,
      live: true,
      debug: facts.debug,
    })
  } finally {
    await caller.close()
  }
}

async function textOf(stream: NodeJS.ReadStream): Promise<string> {
  stream.setEncoding('utf8')
  let text = ''
  for await (const part of stream) text += part
  return text
}
