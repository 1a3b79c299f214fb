import { Autocomplete } from '@base-ui/react/autocomplete'
import { useState } from 'react'
import { cx } from '../lib/classes.ts'
import { input } from './field.tsx'
import { takeFocus } from './take-focus.ts'

export interface Suggestion {
  readonly value: string
  /** Said beside it. */
  readonly note?: string
}

interface SuggestProps {
  readonly id?: string
  readonly label?: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly suggestions: readonly Suggestion[]
  readonly placeholder?: string
  /** It was just asked for. */
  readonly focused?: boolean
  readonly describedBy?: string
  /** Chosen, or typed and entered. */
  readonly onEnter?: (value: string) => void
  /** Given up. */
  readonly onLeave?: () => void
}

/** A field for any word, with those that are known. */
export function Suggest({
  id,
  label,
  value,
  onChange,
  suggestions,
  placeholder,
  focused = false,
  describedBy,
  onEnter,
  onLeave,
}: SuggestProps) {
  const [isOpen, setOpen] = useState(false)
  const typed = value.trim().toLowerCase()
  const fitting = suggestions.filter((one) => one.value.toLowerCase().includes(typed))
  return (
    <Autocomplete.Root
      items={fitting}
      filter={null}
      // Open with nothing in it, it would hide the rest of the page from who listens to it.
      open={isOpen && fitting.length > 0}
      onOpenChange={setOpen}
      value={value}
      onValueChange={(next, { reason }) => {
        onChange(next)
        if (reason === 'item-press') onEnter?.(next)
      }}
      itemToStringValue={(item: Suggestion) => item.value}
      openOnInputClick
    >
      <Autocomplete.Input
        ref={focused ? takeFocus : undefined}
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        placeholder={placeholder}
        spellCheck={false}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onLeave?.()
          if (event.key === 'Enter') onEnter?.(event.currentTarget.value)
        }}
        className={cx(input, 'h-8')}
      />
      <Autocomplete.Portal>
        <Autocomplete.Positioner sideOffset={4} className="z-50 outline-none">
          <Autocomplete.Popup className={popup}>
            <Autocomplete.List>
              {(item: Suggestion) => (
                <Autocomplete.Item key={item.value} value={item} className={option}>
                  <span className="flex-1 truncate">{item.value}</span>
                  {item.note && <span className="text-xs text-faint">{item.note}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  )
}

export const popup =
  'max-h-[min(18rem,var(--available-height))] w-(--anchor-width) min-w-48 overflow-y-auto rounded-lg bg-raised p-1 text-sm shadow-float outline-none'

export const option =
  'flex min-h-8 items-center gap-2 rounded-md px-2 outline-none data-highlighted:bg-hover pointer-coarse:min-h-11'
