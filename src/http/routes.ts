import type { Route } from './route.ts'
import { boardRoutes } from './routes/board.ts'
import { boardsRoutes } from './routes/boards.ts'
import { notifyRoutes } from './routes/notify.ts'
import { taskRoutes } from './routes/tasks.ts'

/** Every operation that is offered here, in the order of the document. */
export const routes: readonly Route[] = [
  ...boardRoutes,
  ...taskRoutes,
  ...boardsRoutes,
  ...notifyRoutes,
]
