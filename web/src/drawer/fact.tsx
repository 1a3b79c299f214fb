import type { ReactNode } from 'react'

/** Left out where there is nothing to say. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  if (children === null || children === false || children === '') return null
  return (
    <div className="min-w-0">
      <dt className="text-xs text-faint">{name}</dt>
      <dd className="foreign">{children}</dd>
    </div>
  )
}
