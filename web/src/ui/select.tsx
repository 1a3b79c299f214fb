import { ChevronDown } from 'lucide-react'
import { cx } from '../lib/classes.ts'
import { input } from './field.tsx'

interface SelectProps {
  readonly id?: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly options: readonly (readonly [value: string, name: string])[]
}

/** The browser's own: nothing else is as good on a phone. */
export function Select({ id, value, onChange, options }: SelectProps) {
  return (
    <span className="relative block">
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={cx(input, 'h-8 appearance-none pr-7')}
      >
        {options.map(([one, name]) => (
          <option key={one} value={one} className="bg-raised">
            {name}
          </option>
        ))}
      </select>
      <ChevronDown
        size={14}
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 text-faint"
      />
    </span>
  )
}
