/** Where somebody is on the page: board, filters, open task. All of it is in the address. */

export type View = 'board' | 'graph'
export type Tab = 'task' | 'runs' | 'log' | 'activity' | 'graph'

export interface Place {
  readonly board: string | null
  readonly view: View
  readonly task: string | null
  readonly tab: Tab
  readonly q: string
  /** Null where the address says nothing and the configured default holds; empty for all of them. */
  readonly tenant: string | null
  /** Empty for all, `-` for nobody. */
  readonly assignee: string
  readonly archived: boolean | null
  readonly lanes: boolean | null
  /** Only what needs somebody. */
  readonly attention: boolean
}

const tabs: readonly string[] = ['task', 'runs', 'log', 'activity', 'graph'] satisfies Tab[]

export function readPlace(search: string): Place {
  const given = new URLSearchParams(search)
  const tab = given.get('tab') ?? ''
  return {
    board: given.get('board'),
    view: given.get('view') === 'graph' ? 'graph' : 'board',
    task: given.get('task'),
    tab: tabs.includes(tab) ? (tab as Tab) : 'task',
    q: given.get('q') ?? '',
    tenant: given.get('tenant'),
    assignee: given.get('assignee') ?? '',
    archived: flag(given.get('archived')),
    lanes: flag(given.get('lanes')),
    attention: given.get('attention') === '1',
  }
}

function flag(text: string | null): boolean | null {
  return text === null ? null : text === '1'
}

/** The address of a place, without what is as it would be anyway. */
export function writePlace(place: Place): string {
  const said = new URLSearchParams()
  const say = (name: string, value: string | null, silent: string | null) => {
    if (value !== null && value !== silent) said.set(name, value)
  }
  say('board', place.board, null)
  say('view', place.view, 'board')
  say('q', place.q, '')
  say('tenant', place.tenant, null)
  say('assignee', place.assignee, '')
  say('archived', place.archived === null ? null : Number(place.archived).toString(), null)
  say('lanes', place.lanes === null ? null : Number(place.lanes).toString(), null)
  say('attention', place.attention ? '1' : null, null)
  say('task', place.task, null)
  say('tab', place.task === null ? null : place.tab, 'task')
  return `?${said}`
}
