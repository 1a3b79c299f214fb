import { BoardError } from '../model/error.ts'
import { locate } from './runtimes/locate.ts'
import type { Runtime } from './runtimes/runtime.ts'

/** How this very program is started where nobody asks: only whoever starts it has to know. */
const ourselves = ['hermes']

/** How the program of a runtime is started by a worker with that PATH. Throws `config` when it is not here. */
export function programOf(
  { name, title, program, about }: Runtime,
  root: string,
  path: string,
  own: readonly string[] = ourselves,
): readonly string[] {
  if (program === 'this') return own
  if (program === 'profile') return []
  const found = locate(program, root, path)
  if (found !== undefined) return [found]
  throw new BoardError(
    'config',
    `its runtime ${name} is not here: there is no ${program.programs.join(' or ')} on the PATH; to install ${title}: ${about.install}`,
  )
}
