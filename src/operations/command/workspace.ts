import { parseWorkspace } from '../../workers/workspace.ts'
import type { Shorthand } from './binding.ts'

/** The two fields that say where the work is done, as one word. */
export const workspace: Shorthand = {
  flag: '--workspace <where>',
  says: 'scratch, dir:<path>, worktree or worktree:<repository>',
  sets: ['workspace_kind', 'workspace_path'],
  parse: (text) => {
    const { kind, path } = parseWorkspace(text)
    return { workspace_kind: kind, ...(path === null ? {} : { workspace_path: path }) }
  },
}
