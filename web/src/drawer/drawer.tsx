import { Dialog as Base } from '@base-ui/react/dialog'
import { useRef } from 'react'
import { linkOf } from '../board/focus.ts'
import { carry } from '../drag/carry.ts'
import { typing } from '../keyboard/shortcuts.ts'
import { Boundary } from '../ui/boundary.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { goTo, usePlace } from '../url/place-store.ts'
import { TaskPane } from './task-pane.tsx'

/** What a click may land on without closing the drawer: cards open themselves, the rest belongs to it. */
const beside = '[data-card], [data-node], [data-stays], [data-base-ui-portal]'

/** The open task, beside the board. The board stays as usable as it was. */
export default function Drawer() {
  const { task } = usePlace()
  const popup = useRef<HTMLDivElement>(null)
  const last = useRef<string | null>(null)
  if (task !== null) last.current = task
  const shown = task ?? last.current
  return (
    <Base.Root
      open={task !== null}
      modal={false}
      onOpenChange={(open, details) => {
        if (open) return
        const { target } = details.event
        const isIn = (what: string) => target instanceof Element && target.closest(what) !== null
        if (details.reason === 'outside-press' && !isIn(beside)) return goTo({ task: null })
        details.cancel()
        if (details.reason !== 'escape-key' || isIn(typing)) return
        if (carry.isOn()) carry.letGo()
        else goTo({ task: null })
      }}
    >
      <Base.Portal>
        <Base.Popup
          ref={popup}
          data-aside
          initialFocus={popup}
          finalFocus={() => linkOf(last.current ?? '') ?? true}
          aria-label={`Task ${shown}`}
          className="fixed inset-y-0 right-0 z-20 flex w-[min(100vw,45rem)] flex-col bg-surface shadow-float outline-none transition-transform duration-200 ease-out data-starting-style:translate-x-full data-ending-style:translate-x-full"
        >
          {shown !== null && (
            <Boundary
              key={shown}
              fallback={(error, again) => (
                <Empty
                  title="This task cannot be shown"
                  action={
                    <>
                      <Button onClick={again}>Try again</Button>
                      <Button onClick={() => goTo({ task: null })}>Close</Button>
                    </>
                  }
                >
                  {String(error)}
                </Empty>
              )}
            >
              <TaskPane id={shown} />
            </Boundary>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
