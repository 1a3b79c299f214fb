import { z } from 'zod'
import { environment } from '../config.ts'
import { runCommandLine } from '../operations/command/run.ts'
import { callerFor } from './caller.ts'
import { terminal } from './terminal.ts'

/** `hermes kanban …` in a terminal or a script. */
export async function kanban(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  if (argv[0] === '__complete') return (await import('./candidates.ts')).candidates(argv, host)
  // Compiling a schema pays when it is used often; here each is used once.
  z.config({ jitless: true })
  const facts = environment(host.env)
  const caller = await callerFor(facts, host)
  try {
    return await runCommandLine(argv, terminal('hermes kanban', facts, host, caller.call))
  } finally {
    await caller.close()
  }
}
