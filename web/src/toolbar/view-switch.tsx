import { Columns3, Workflow } from 'lucide-react'
import { cx } from '../lib/classes.ts'
import { goTo, usePlace } from '../url/place-store.ts'

const views = [
  { view: 'board', name: 'Board', icon: Columns3 },
  { view: 'graph', name: 'Graph', icon: Workflow },
] as const

export function ViewSwitch() {
  const place = usePlace()
  return (
    <fieldset className="flex shrink-0 rounded-md border border-line">
      <legend className="sr-only">View</legend>
      {views.map(({ view, name, icon: Icon }) => (
        <button
          key={view}
          type="button"
          aria-pressed={place.view === view}
          title={`${name} (g)`}
          onClick={() => goTo({ view })}
          className={cx(
            'flex h-6.5 items-center gap-1.5 rounded-[0.3125rem] px-2 pointer-coarse:h-9.5 pointer-coarse:min-w-10',
            place.view === view ? 'bg-hover text-ink' : 'text-soft hover:text-ink',
          )}
        >
          <Icon size={14} strokeWidth={1.75} aria-hidden />
          <span className="max-lg:sr-only">{name}</span>
        </button>
      ))}
    </fieldset>
  )
}
