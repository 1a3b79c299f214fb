/**
 * The one list of operations. Each is loaded when it is asked for: a process that lists tasks reads
 * neither the schemas nor the code of the others. A name is the words of the command with `_` between.
 */

import type { Operation } from './operation.ts'

const operations: Readonly<Record<string, () => Promise<Operation>>> = {
  init: async () => (await import('./init.ts')).init,
  create: async () => (await import('./create.ts')).create,
  list: async () => (await import('./list.ts')).list,
  show: async () => (await import('./show.ts')).show,
  assign: async () => (await import('./assign.ts')).assign,
  reassign: async () => (await import('./reassign.ts')).reassign,
  edit: async () => (await import('./edit.ts')).edit,
  reclaim: async () => (await import('./reclaim.ts')).reclaim,
  link: async () => (await import('./link.ts')).link,
  unlink: async () => (await import('./unlink.ts')).unlink,
  claim: async () => (await import('./claim.ts')).claim,
  comment: async () => (await import('./comment.ts')).comment,
  complete: async () => (await import('./complete.ts')).complete,
  block: async () => (await import('./block.ts')).block,
  unblock: async () => (await import('./unblock.ts')).unblock,
  archive: async () => (await import('./archive.ts')).archive,
  promote: async () => (await import('./promote.ts')).promote,
  reopen: async () => (await import('./reopen.ts')).reopen,
  move: async () => (await import('./move.ts')).move,
  heartbeat: async () => (await import('./heartbeat.ts')).heartbeat,
  why: async () => (await import('./why.ts')).why,
  runs: async () => (await import('./runs.ts')).runs,
  context: async () => (await import('./context.ts')).context,
  log: async () => (await import('./log.ts')).log,
  tail: async () => (await import('./tail.ts')).tail,
  watch: async () => (await import('./watch.ts')).watch,
  stats: async () => (await import('./stats.ts')).stats,
  assignees: async () => (await import('./assignees.ts')).assignees,
  dispatch: async () => (await import('./dispatch.ts')).dispatch,
  gc: async () => (await import('./gc.ts')).gc,
  import_hermes: async () => (await import('./import-hermes.ts')).importHermes,
  import_backlog: async () => (await import('./import-tracker.ts')).importBacklog,
  import_beads: async () => (await import('./import-tracker.ts')).importBeads,
  export: async () => (await import('./export.ts')).exportBoard,
  notify_subscribe: async () => (await import('./notify.ts')).notifySubscribe,
  notify_list: async () => (await import('./notify.ts')).notifyList,
  notify_unsubscribe: async () => (await import('./notify.ts')).notifyUnsubscribe,
  boards_list: async () => (await import('./boards-list.ts')).boardsList,
  boards_create: async () => (await import('./boards.ts')).boardsCreate,
  boards_show: async () => (await import('./boards.ts')).boardsShow,
  boards_switch: async () => (await import('./boards.ts')).boardsSwitch,
  boards_describe: async () => (await import('./boards.ts')).boardsDescribe,
  boards_rename: async () => (await import('./boards.ts')).boardsRename,
  boards_copy: async () => (await import('./boards-copy.ts')).boardsCopy,
  boards_rm: async () => (await import('./boards.ts')).boardsRm,
  boards_set_workdir: async () => (await import('./boards.ts')).boardsSetWorkdir,
  // Without a command line: what a page shows and changes at once.
  board: async () => (await import('./board.ts')).board,
  situation: async () => (await import('./situation.ts')).situation,
  search: async () => (await import('./search.ts')).search,
  graph: async () => (await import('./graph.ts')).graph,
  details: async () => (await import('./details.ts')).details,
  update: async () => (await import('./update.ts')).update,
  bulk: async () => (await import('./bulk.ts')).bulk,
  page_settings: async () => (await import('./page-settings.ts')).pageSettings,
}

/** Other words for a verb. */
export const aliases: ReadonlyMap<string, string> = new Map([['ls', 'list']])

export const operationNames: readonly string[] = Object.keys(operations)

/** Undefined for a name that no operation has. */
export async function findOperation(name: string): Promise<Operation | undefined> {
  return Object.hasOwn(operations, name) ? operations[name]?.() : undefined
}

/** Those whose command can begin with `word`; none when it is no verb at all. */
export function operationsUnder(word: string): Promise<Operation[]> {
  const [first] = word.split('-')
  return load(operationNames.filter((name) => name.split('_')[0] === first))
}

export function allOperations(): Promise<Operation[]> {
  return load(operationNames)
}

function load(names: readonly string[]): Promise<Operation[]> {
  return Promise.all(names.flatMap((name) => operations[name]?.() ?? []))
}
