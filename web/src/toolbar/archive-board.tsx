import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RemovedBoard } from '../../../src/http/types.ts'
import { call, wordsOf } from '../api/client.ts'
import { keys } from '../api/keys.ts'
import { useStore } from '../lib/store.ts'
import { Button } from '../ui/button.tsx'
import { Actions, Dialog } from '../ui/dialog.tsx'
import { Refusal } from '../ui/field.tsx'
import { say } from '../ui/toast.tsx'
import { goTo } from '../url/place-store.ts'
import { boardDialog } from './board-dialogs.ts'

export function ArchiveBoard() {
  const client = useQueryClient()
  const asked = useStore(boardDialog)
  const board = asked?.does === 'archive' ? asked.board : undefined
  const [refusal, setRefusal] = useState('')

  function close(): void {
    setRefusal('')
    boardDialog.set(null)
  }

  async function archive(slug: string): Promise<void> {
    try {
      const { kept_at } = await call<RemovedBoard>(`/boards/${slug}`, { method: 'DELETE' })
      close()
      goTo({ board: null, task: null })
      await client.invalidateQueries({ queryKey: keys.boards() })
      say(`Board ${slug} is put away`, kept_at === null ? undefined : `Its folder is ${kept_at}`)
    } catch (error) {
      setRefusal(wordsOf(error))
    }
  }

  return (
    <Dialog
      open={board !== undefined}
      onClose={close}
      title={`Archive the board ${board?.slug ?? ''}?`}
      description="Its folder is moved aside with everything in it. No command sees it until it is moved back."
    >
      <Refusal>{refusal}</Refusal>
      <Actions>
        <Button look="quiet" onClick={close}>
          Cancel
        </Button>
        <Button look="danger" onClick={() => board && void archive(board.slug)}>
          Archive the board
        </Button>
      </Actions>
    </Dialog>
  )
}
