import { type ReactNode, useId } from 'react'

interface SectionProps {
  readonly title: string
  readonly action?: ReactNode
  readonly children: ReactNode
}

export function Section({ title, action, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mb-6 last:mb-0">
      <header className="mb-1.5 flex min-h-6 items-center justify-between gap-2">
        <h3 id={id} className="text-xs font-medium text-faint">
          {title}
        </h3>
        {action}
      </header>
      {children}
    </section>
  )
}
