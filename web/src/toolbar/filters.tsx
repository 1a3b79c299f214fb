import { Check, ChevronDown } from 'lucide-react'
import { nobody } from '../board/filter.ts'
import { useBoard } from '../board/use-board.ts'
import { cx } from '../lib/classes.ts'
import { line } from '../lib/text.ts'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { adjust } from '../url/place-store.ts'
import { useView } from '../url/view.ts'

/** Whose and for whom. What is chosen is in the address. */
export function Filters() {
  const { data } = useBoard()
  const { tenant, assignee } = useView()
  const tenants = data?.tenants ?? []
  const assignees = data?.assignees ?? []
  return (
    <>
      <Choice
        name="Assignee"
        value={assignee}
        values={[nobody, ...assignees]}
        onPick={(picked) => adjust({ assignee: picked })}
      />
      {(tenants.length > 0 || tenant !== '') && (
        <Choice
          name="Tenant"
          value={tenant}
          values={tenants}
          onPick={(picked) => adjust({ tenant: picked })}
        />
      )}
    </>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly value: string
  readonly values: readonly string[]
  readonly onPick: (value: string) => void
}

function Choice({ name, value, values, onPick }: ChoiceProps) {
  const isSet = value !== ''
  return (
    <Menu
      trigger={
        <button
          type="button"
          className={cx(
            'flex h-7 min-w-0 shrink-0 items-center gap-1 rounded-md border px-2 text-sm hover:bg-hover pointer-coarse:h-10',
            isSet ? 'border-act text-ink' : 'border-dashed border-edge text-soft',
          )}
        >
          <span className="max-w-32 truncate">
            <span className="sr-only">{name}: </span>
            {isSet ? wordFor(value) : name}
          </span>
          <ChevronDown size={13} aria-hidden className="text-faint" />
        </button>
      }
    >
      <MenuItem mark={<Tick on={!isSet} />} onPick={() => onPick('')}>
        Any {name.toLowerCase()}
      </MenuItem>
      <MenuLine />
      {values.map((one) => (
        <MenuItem key={one} mark={<Tick on={one === value} />} onPick={() => onPick(one)}>
          {wordFor(one)}
        </MenuItem>
      ))}
    </Menu>
  )
}

function wordFor(value: string): string {
  return value === nobody ? 'Nobody' : line(value)
}

function Tick({ on }: { readonly on: boolean }) {
  return <span className="w-3.5">{on && <Check size={14} aria-label="chosen" />}</span>
}
