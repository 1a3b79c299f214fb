import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from '../lib/classes.ts'
import { Hint } from './hint.tsx'

type Look = 'plain' | 'strong' | 'quiet' | 'danger'

const looks: Record<Look, string> = {
  plain: 'border border-line bg-surface hover:bg-hover',
  strong: 'bg-ink text-inverse hover:opacity-85',
  quiet: 'text-soft hover:bg-hover hover:text-ink',
  danger: 'border border-line bg-surface text-wrong hover:bg-hover',
}

const shape =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-[background-color,opacity] duration-100 disabled:opacity-50 disabled:pointer-events-none select-none pointer-coarse:min-h-10'

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look
  readonly icon?: LucideIcon
}

export function Button({ look = 'plain', icon: Icon, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={cx(shape, looks[look], 'h-7 px-2.5 text-sm', className)}
      {...rest}
    >
      {Icon && <Icon size={14} strokeWidth={1.75} aria-hidden />}
      {children}
    </button>
  )
}

interface IconButtonProps extends ComponentProps<'button'> {
  readonly icon: LucideIcon
  /** What it does: read out, and shown when somebody stays on it. */
  readonly label: string
  readonly shortcut?: string
  readonly look?: Look
}

export function IconButton({
  icon: Icon,
  label,
  shortcut,
  look = 'quiet',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Hint label={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        className={cx(shape, looks[look], 'size-7 pointer-coarse:min-w-10', className)}
        {...rest}
      >
        <Icon size={15} strokeWidth={1.75} aria-hidden />
      </button>
    </Hint>
  )
}
