import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Boards, RemovedBoard } from '../../../src/http/types.ts'
import { call, wordsOf } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { Button } from '../ui/button.tsx'
import { Actions, Dialog } from '../ui/dialog.tsx'
import { Refusal } from '../ui/field.tsx'
import { say } from '../ui/toast.tsx'
import { goTo } from '../url/place-store.ts'

interface ArchiveBoardProps {
  readonly open: boolean
  readonly board: Boards['boards'][number] | undefined
  readonly onClose: () => void
}

export function ArchiveBoard({ open, board, onClose }: ArchiveBoardProps) {
  const client = useQueryClient()
  const [refusal, setRefusal] = useState('')
  if (board === undefined) return null

  async function archive(slug: string): Promise<void> {
    try {
      const { kept_at } = await call<RemovedBoard>(`/boards/${slug}`, { method: 'DELETE' })
      onClose()
      goTo({ board: null, task: null })
      await client.invalidateQueries({ queryKey: keys.boards() })
      say(`Board ${slug} is put away`, kept_at === null ? undefined : `Its folder is ${kept_at}`)
    } catch (error) {
      setRefusal(wordsOf(error))
    }
  }

  return (
    <Dialog
      open={open}
      onClose={() => {
        setRefusal('')
        onClose()
      }}
      title={`Archive the board ${board.slug}?`}
      description="Its folder is moved aside with everything in it. No command sees it until it is moved back."
    >
      <Refusal>{refusal}</Refusal>
      <Actions>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button look="danger" onClick={() => void archive(board.slug)}>
          Archive the board
        </Button>
      </Actions>
    </Dialog>
  )
}
