/** The one list of statuses. Columns, choices, icons and the order of statistics derive from it. */
export const statuses = [
  { name: 'triage', icon: '◇', meaning: 'parked until somebody says what it is' },
  { name: 'todo', icon: '○', meaning: 'waits for its parents' },
  { name: 'ready', icon: '◎', meaning: 'may be claimed' },
  { name: 'running', icon: '●', meaning: 'a run is under way' },
  { name: 'blocked', icon: '‖', meaning: 'waits for a person' },
  { name: 'done', icon: '✓', meaning: 'finished' },
  { name: 'archived', icon: '▪', meaning: 'put away' },
] as const

export type Status = (typeof statuses)[number]['name']

export const statusNames: readonly Status[] = statuses.map((status) => status.name)

/** A parent in one of these no longer holds its children back. */
export const satisfying = ['done', 'archived'] as const satisfies readonly Status[]

/** Of a status that another program may have set: whether it is one of those. */
export function satisfies(status: string | undefined): boolean {
  return satisfying.some((name) => name === status)
}
