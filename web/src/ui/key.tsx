import { cx } from '../lib/classes.ts'

/** A key on the keyboard. */
export function Key({
  children,
  inverse = false,
}: {
  readonly children: string
  readonly inverse?: boolean
}) {
  return (
    <kbd
      className={cx(
        'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm px-1 font-sans text-xs',
        inverse ? 'bg-inverse/20' : 'border border-line bg-sunken text-soft',
      )}
    >
      {children}
    </kbd>
  )
}
