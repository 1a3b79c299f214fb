import { type ComponentProps, type ReactNode, useId } from 'react'
import { cx } from '../lib/classes.ts'

export const input =
  'w-full rounded-md border border-line bg-surface px-2.5 text-sm outline-none hover:border-edge focus-visible:border-act focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-act'

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input autoComplete="off" className={cx(input, 'h-8', className)} {...rest} />
}

/** Grows with what is written in it. */
export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      className={cx(input, 'field-sizing-content max-h-[50vh] resize-y py-1.5', className)}
      {...rest}
    />
  )
}

interface FieldProps {
  readonly label: string
  readonly help?: ReactNode
  readonly children: (id: string, helpId: string) => ReactNode
}

export function Field({ label, help, children }: FieldProps) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-soft">
        {label}
      </label>
      {children(id, `${id}-help`)}
      {help && (
        <p id={`${id}-help`} className="mt-1 text-xs text-faint">
          {help}
        </p>
      )}
    </div>
  )
}

/** What went wrong with what somebody has just asked for, in the words of whoever refused. */
export function Refusal({ children }: { readonly children: ReactNode }) {
  if (!children) return null
  return (
    <p role="alert" className="foreign mt-2 text-sm text-wrong">
      {children}
    </p>
  )
}
