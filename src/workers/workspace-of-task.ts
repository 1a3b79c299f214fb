import type { Board } from '../board/board.ts'
import type { Environment } from '../config.ts'
import type { Task } from '../model/task.ts'
import { resolveWorkspace, type WorkspaceKind } from './workspace.ts'

/** The folder in which the task is worked on here, made where it is missing. Throws `environment` with the reason. */
export async function workspaceOfTask(
  task: Task,
  board: Board,
  { root, home, variables }: Environment,
): Promise<string> {
  const { workspace_kind: kind, workspace_path: path } = task
  const defaultWorkdir = kind === 'worktree' && path === null ? await workdirOf(root, board) : null
  return resolveWorkspace(
    { kind: kind as WorkspaceKind, path },
    {
      task: task.id,
      home,
      workspaces: board.workspaces,
      defaultWorkdir,
      branch: task.branch_name,
      path: variables.PATH,
    },
  )
}

/** Most tasks need none, and what is said about a board takes a while to be understood. */
async function workdirOf(root: string, board: Board): Promise<string | null> {
  const { boardFactsOf } = await import('../board/boards.ts')
  return (await boardFactsOf(root, board)).default_workdir
}
