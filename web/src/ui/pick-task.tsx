import { Combobox } from '@base-ui/react/combobox'
import { useMemo, useState } from 'react'
import type { Card } from '../../../src/http/types.ts'
import { useFound } from '../api/around.ts'
import { useBoard } from '../board/use-board.ts'
import { cx } from '../lib/classes.ts'
import { line } from '../lib/text.ts'
import { Mark } from '../status/mark.tsx'
import { usePlace } from '../url/place-store.ts'
import { input } from './field.tsx'
import { option, popup } from './suggest.tsx'

interface PickTaskProps {
  readonly id?: string
  readonly label: string
  /** Not offered. */
  readonly without: readonly string[]
  readonly onPick: (card: Card) => void
}

const most = 30

/** A field that finds a task of the board by what is in it. */
export function PickTask({ id, label, without, onPick }: PickTaskProps) {
  const { board } = usePlace()
  const { data } = useBoard()
  const [typed, setTyped] = useState('')
  const found = useFound(board, typed.trim(), false)
  const items = useMemo(() => {
    const q = typed.trim().toLowerCase()
    const all = [...(data?.cards.values() ?? [])].filter((card) => !without.includes(card.id))
    const fits = (card: Card) =>
      q === '' || `${card.id} ${card.title}`.toLowerCase().includes(q) || found?.has(card.id)
    return all.filter(fits).slice(0, most)
  }, [data, typed, found, without])

  return (
    <Combobox.Root
      items={items}
      filter={null}
      value={null}
      inputValue={typed}
      onInputValueChange={setTyped}
      itemToStringLabel={(card: Card) => card.title}
      autoHighlight
      onValueChange={(card: Card | null) => {
        if (card === null) return
        setTyped('')
        onPick(card)
      }}
    >
      <Combobox.Input
        id={id}
        aria-label={label}
        placeholder="Search by title or id"
        className={cx(input, 'h-8')}
      />
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={4} className="z-50 outline-none">
          <Combobox.Popup className={popup}>
            <Combobox.List>
              {(card: Card) => (
                <Combobox.Item key={card.id} value={card} className={option}>
                  <Mark status={card.status} still />
                  <span className="foreign line-clamp-1 flex-1">{line(card.title)}</span>
                  <span className="font-mono text-xs text-faint">{card.id}</span>
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
