import { verbatim } from '../../store/sql.ts'
import type { ShapeStep } from './step.ts'

interface Renamed {
  readonly older: string
  readonly current: string
  /** The current column, as the schema has it. */
  readonly definition: string
  /** A value of the older column as one of the current. */
  readonly value: (older: string) => string
}

const renamed: readonly Renamed[] = [
  {
    older: 'spawn_failures',
    current: 'consecutive_failures',
    definition: 'integer not null default 0',
    value: (older) => `coalesce(${older}, 0)`,
  },
  {
    older: 'last_spawn_error',
    current: 'last_failure_error',
    definition: 'text',
    value: (older) => older,
  },
]

/** Columns of tasks that say what a current one says. */
export const olderNames: readonly string[] = renamed.map(({ older }) => older)

/**
 * Columns of tasks that had another name. The values are copied when the current column is made,
 * and never again; from then on triggers carry what is written to either into the other, so that a
 * program that knows only one of them sees what everybody wrote.
 */
export const olderColumns: readonly ShapeStep[] = renamed.map((names) => ({
  needed: ({ tables, triggers }) =>
    tables.get('tasks')?.has(names.older) === true && !triggers.has(triggerName(names)),
  async apply(tx, { tables }) {
    const { older, current, definition, value } = names
    if (!tables.get('tasks')?.has(current)) {
      await tx.run(verbatim(`alter table tasks add column ${current} ${definition}`))
      await tx.run(verbatim(`update tasks set ${current} = ${value(older)}`))
    }
    for (const text of triggersFor(names)) await tx.run(verbatim(text))
  },
}))

/** They end by themselves: each does nothing where the two agree already. */
function triggersFor(names: Renamed): string[] {
  const { older, current, value } = names
  const apart = `${value(`new.${older}`)} is not new.${current}`
  const backwards = `hk_tasks_${current}`
  return [
    `create trigger ${triggerName(names)} after update of ${current} on tasks when ${apart} begin
      update tasks set ${older} = new.${current} where id = new.id; end`,
    `create trigger ${backwards} after update of ${older} on tasks when ${apart} begin
      update tasks set ${current} = ${value(`new.${older}`)} where id = new.id; end`,
  ]
}

function triggerName({ older }: Renamed): string {
  return `hk_tasks_${older}`
}
