import { z } from 'zod'
import { environment } from '../config.ts'
import { runCommandLine } from '../operations/command/run.ts'
import { callerFor } from './caller.ts'
import type { Surface, Surfaces } from './surface.ts'
import { terminal } from './terminal.ts'

/** `hermes kanban …` in a terminal or a script. */
export function kanban(surfaces: Surfaces): Surface {
  return async (argv, host) => {
    if (argv[0] === '__complete') return (await import('./candidates.ts')).candidates(argv, host)
    const beside = argv[0] === 'help' ? surfaces[argv[1] ?? ''] : undefined
    if (beside?.does !== undefined) return (await beside.load(surfaces))(['--help'], host)
    // Compiling a schema pays when it is used often; here each is used once.
    z.config({ jitless: true })
    const facts = environment(host.env)
    const caller = await callerFor(facts, host)
    const io = terminal('hermes kanban', facts, host, caller.call)
    try {
      return await runCommandLine(argv, { ...io, beside: verbsAmong(surfaces) })
    } finally {
      await caller.close()
    }
  }
}

function verbsAmong(surfaces: Surfaces): [string, string][] {
  return Object.entries(surfaces).flatMap(([name, { does }]) => (does ? [[name, does]] : []))
}
