import { useQueryClient } from '@tanstack/react-query'
import type { CardReason } from '../../../src/http/types.ts'
import { cardsOf } from '../board/use-board.ts'
import { line } from '../lib/text.ts'

const longest = 40

/** Puts the titles of tasks in the place of their ids: at a glance nobody knows which one an id is. */
export function useTitles(): (reason: CardReason) => CardReason {
  const client = useQueryClient()
  return ({ says, until }) => ({
    until,
    says: says.replace(/\bt_[0-9a-f]{8,}\b/g, (id) => {
      const [card] = cardsOf(client, [id])
      return card === undefined ? id : `“${short(line(card.title))}”`
    }),
  })
}

function short(title: string): string {
  return title.length <= longest ? title : `${title.slice(0, longest).trimEnd()}…`
}
