import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from '../lib/classes.ts'
import { IconButton } from './button.tsx'

const manager = Toast.createToastManager()

interface Offer {
  readonly label: string
  readonly take: () => void
}

/** A sentence that goes away on its own. */
export function say(title: string, description?: string, offer?: Offer): void {
  manager.add({
    title,
    description,
    ...(offer === undefined ? {} : { actionProps: actionOf(offer), timeout: 10_000 }),
  })
}

/** Something that was asked for was refused: stays longer, and is read out at once. */
export function refuse(title: string, description: string): void {
  manager.add({ title, description, type: 'refusal', priority: 'high', timeout: 12_000 })
}

function actionOf({ label, take }: Offer) {
  return { children: label, onClick: take }
}

export function Toasts({ children }: { readonly children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={4}>
      {children}
      <Toast.Portal>
        <Toast.Viewport
          data-stays
          className="fixed right-4 bottom-4 z-60 flex w-90 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none"
        >
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function List() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['right', 'down']}
      className="rounded-lg bg-raised shadow-float transition-opacity duration-150 data-starting-style:opacity-0 data-ending-style:opacity-0 data-limited:hidden"
    >
      <Toast.Content className="flex items-start gap-2 p-3">
        <span
          aria-hidden
          className={cx(
            'mt-1.5 size-2 shrink-0 rounded-full',
            toast.type === 'refusal' ? 'bg-wrong' : 'bg-done',
          )}
        />
        <div className="min-w-0 flex-1">
          <Toast.Title className="foreign text-sm font-medium" />
          <Toast.Description className="foreign mt-0.5 max-h-40 overflow-y-auto text-sm text-soft" />
          <Toast.Action className="mt-2 h-7 rounded-md border border-line px-2.5 text-sm font-medium hover:bg-hover" />
        </div>
        <Toast.Close
          render={<IconButton icon={X} label="Dismiss" className="-mt-1 -mr-1 size-6" />}
        />
      </Toast.Content>
    </Toast.Root>
  ))
}
