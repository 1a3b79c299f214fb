/** The names of everything that was asked of the server, in one place: what an event touches is found by them. */
export const keys = {
  board: (board: string | null, archived: boolean) => ['board', board, { archived }] as const,
  boardOf: (board: string | null) => ['board', board] as const,
  situation: (board: string | null) => ['situation', board] as const,
  task: (board: string | null, id: string) => ['task', board, id] as const,
  log: (board: string | null, id: string) => ['log', board, id] as const,
  search: (board: string | null, q: string) => ['search', board, q] as const,
  graph: (board: string | null, id: string | null) => ['graph', board, id] as const,
  assignees: (board: string | null) => ['assignees', board] as const,
  boards: () => ['boards'] as const,
  config: () => ['config'] as const,
} as const
