import type { Board } from '../board/board.ts'
import { boardFactsOf } from '../board/boards.ts'
import type { Environment } from '../config.ts'
import type { Task } from '../model/task.ts'
import { resolveWorkspace, type WorkspaceKind } from './workspace.ts'

/** The folder in which the task is worked on here, made where it is missing. Throws `environment` with the reason. */
export async function workspaceOfTask(
  task: Task,
  board: Board,
  { root, home, variables }: Environment,
): Promise<string> {
  const { default_workdir } = await boardFactsOf(root, board)
  return resolveWorkspace(
    { kind: task.workspace_kind as WorkspaceKind, path: task.workspace_path },
    {
      task: task.id,
      home,
      workspaces: board.workspaces,
      defaultWorkdir: default_workdir,
      branch: task.branch_name,
      path: variables.PATH,
    },
  )
}
