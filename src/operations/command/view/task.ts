import { oneLine } from '../../../lib/text.ts'
import { type Status, statuses } from '../../../model/status.ts'
import { type Colour, paint, type Style } from '../style.ts'
import { type Cell, clip, table } from '../table.ts'

const colours: Record<Status, Colour> = {
  triage: 'magenta',
  todo: 'gray',
  ready: 'cyan',
  running: 'yellow',
  blocked: 'magenta',
  done: 'green',
  archived: 'gray',
}

/** The part of a task, or of its neighbour, that has a line. */
interface Listed {
  readonly id: string
  readonly title: string
  readonly status: string
  readonly assignee: string | null
  readonly tenant?: string | null
}

/** One line for each: icon, id, status, assignee, tenant, title. */
export function taskLines(tasks: readonly Listed[], style: Style): string[] {
  return table(
    tasks.map((task) => cells(task, style)),
    style.width,
  )
}

function cells(task: Listed, style: Style): Cell[] {
  const painted = statusPaint(task.status, style)
  return [
    { text: style.width === undefined ? '' : iconOf(task.status), paint: painted },
    { text: task.id, paint: paint(style).bold },
    { text: oneLine(task.status), paint: painted },
    { text: task.assignee === null ? '-' : short(task.assignee, style) },
    { text: task.tenant ? `[${short(task.tenant, style)}]` : '', paint: paint(style).gray },
    { text: oneLine(task.title) },
  ]
}

/** One long name would leave no column of the terminal for any title. */
function short(name: string, { width }: Style): string {
  return clip(oneLine(name), width && Math.max(8, Math.floor(width / 5)))
}

/** Statuses of other programs have no icon of their own. */
function iconOf(status: string): string {
  return statuses.find(({ name }) => name === status)?.icon ?? '·'
}

export function statusPaint(status: string, style: Style): (text: string) => string {
  const colour = Object.hasOwn(colours, status) ? colours[status as Status] : 'gray'
  return paint(style)[colour]
}
