import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { cx } from '../lib/classes.ts'
import { IconButton } from './button.tsx'

interface DialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly description?: ReactNode
  readonly wide?: boolean
  readonly children: ReactNode
}

export function Dialog({ open, onClose, title, description, wide, children }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null)
  return (
    <Base.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity duration-150 data-starting-style:opacity-0 data-ending-style:opacity-0" />
        <Base.Viewport
          className={cx(
            'fixed inset-0 z-40 grid items-start justify-items-center overflow-y-auto p-4 max-sm:p-2',
            wide ? 'pt-[6vh]' : 'pt-[12vh]',
          )}
        >
          <Base.Popup
            ref={popup}
            initialFocus={() =>
              popup.current?.querySelector<HTMLElement>(firstThings) ?? popup.current
            }
            className={cx(
              'w-full rounded-lg bg-raised shadow-float transition-[opacity,scale] duration-150 ease-out outline-none data-starting-style:scale-98 data-starting-style:opacity-0 data-ending-style:opacity-0',
              wide ? 'max-w-160' : 'max-w-110',
            )}
          >
            <div className="flex items-start justify-between gap-4 px-4 pt-3.5">
              <div className="min-w-0">
                <Base.Title className="text-md font-semibold">{title}</Base.Title>
                {description && (
                  <Base.Description render={<div />} className="mt-1 text-sm text-soft">
                    {description}
                  </Base.Description>
                )}
              </div>
              <Base.Close render={<IconButton icon={X} label="Close" className="-mr-1.5" />} />
            </div>
            <div className="p-4">{children}</div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/** What has the keyboard first: a field, or what the dialog is for. Never the way out. */
const firstThings = 'input, textarea, select, [type="submit"], main button'

/** The row of buttons that ends a dialog. */
export function Actions({ children }: { readonly children: ReactNode }) {
  return <div className="mt-4 flex flex-wrap items-center justify-end gap-2">{children}</div>
}
