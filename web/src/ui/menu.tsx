import { Menu as Base } from '@base-ui/react/menu'
import { Check, type LucideIcon } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { cx } from '../lib/classes.ts'
import { Key } from './key.tsx'

interface MenuProps {
  readonly trigger: ReactElement<Record<string, unknown>>
  readonly align?: 'start' | 'end'
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  readonly children: ReactNode
}

export function Menu({ trigger, align = 'start', open, onOpenChange, children }: MenuProps) {
  return (
    <Base.Root
      {...(open === undefined ? {} : { open })}
      {...(onOpenChange === undefined ? {} : { onOpenChange })}
      modal={false}
    >
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-50">
          <Base.Popup className="max-h-(--available-height) min-w-52 overflow-y-auto rounded-lg bg-raised p-1 text-sm shadow-float outline-none transition-opacity duration-100 data-starting-style:opacity-0 data-ending-style:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

const row =
  'flex h-8 items-center gap-2.5 rounded-md px-2 outline-none data-highlighted:bg-hover data-disabled:text-faint pointer-coarse:h-11'

interface ItemProps {
  readonly icon?: LucideIcon | undefined
  readonly mark?: ReactNode
  readonly shortcut?: string | undefined
  readonly danger?: boolean
  readonly disabled?: boolean
  readonly onPick: () => void
  readonly children: ReactNode
}

export function MenuItem({
  icon: Icon,
  mark,
  shortcut,
  danger,
  disabled = false,
  onPick,
  children,
}: ItemProps) {
  return (
    <Base.Item
      className={cx(row, danger && 'text-wrong')}
      disabled={disabled}
      onClick={(event) => {
        event.stopPropagation()
        onPick()
      }}
    >
      {Icon && <Icon size={14} strokeWidth={1.75} aria-hidden className="text-faint" />}
      {mark}
      <span className="flex-1 truncate">{children}</span>
      {shortcut && <Key>{shortcut}</Key>}
    </Base.Item>
  )
}

interface CheckItemProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly children: ReactNode
}

export function MenuCheck({ checked, onChange, children }: CheckItemProps) {
  return (
    <Base.CheckboxItem
      className={row}
      checked={checked}
      onCheckedChange={onChange}
      closeOnClick={false}
    >
      <span className="w-3.5">
        <Base.CheckboxItemIndicator>
          <Check size={14} strokeWidth={2} aria-hidden />
        </Base.CheckboxItemIndicator>
      </span>
      {children}
    </Base.CheckboxItem>
  )
}

export function MenuGroup({
  label,
  children,
}: {
  readonly label: string
  readonly children: ReactNode
}) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-xs text-faint">{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  )
}

export function MenuLine() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />
}
