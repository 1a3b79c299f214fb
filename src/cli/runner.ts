import { BoardError } from '../model/error.ts'
import { runRunner } from '../runner/main.ts'

/** `hermes runner <folder>`: only a dispatcher starts it. */
export async function runner(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const [folder] = argv
  if (folder === undefined) throw new BoardError('usage', 'runner is started by a dispatcher alone')
  await runRunner(folder, host)
  return 0
}
