import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'
import { Key } from './key.tsx'

interface HintProps {
  readonly label: string
  readonly shortcut?: string | undefined
  readonly children: ReactElement<Record<string, unknown>>
}

/** A word about a thing, while somebody points at it. Says nothing that is not also read out elsewhere. */
export function Hint({ label, shortcut, children }: HintProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="z-50">
          <Tooltip.Popup className="flex max-w-80 items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs text-inverse data-starting-style:opacity-0 transition-opacity duration-100">
            {label}
            {shortcut && <Key inverse>{shortcut}</Key>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}
