import type { ReactNode } from 'react'

interface EmptyProps {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}

/** What is said where there is nothing to show: why, and what to do about it. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-110 flex-col items-center gap-2 px-6 py-10 text-center">
      <p className="text-md font-semibold">{title}</p>
      {children && <div className="foreign text-sm text-soft">{children}</div>}
      {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}

/** A bar that stands where text will be. */
export function Bar({ className }: { readonly className: string }) {
  return <span aria-hidden className={`block animate-breathe rounded-sm bg-line ${className}`} />
}
