import { CreateDialog } from './create/create-dialog.tsx'
import { Help } from './keyboard/help.tsx'
import { Ask } from './moves/ask.tsx'
import { RefusalList } from './moves/refusals.tsx'
import { AssignDialog } from './selection/assign-dialog.tsx'
import { PriorityDialog } from './selection/priority-dialog.tsx'
import { ArchiveBoard } from './toolbar/archive-board.tsx'
import { NameBoard } from './toolbar/name-board.tsx'

/** Each opens when its store says so, also one that said so before they were fetched. */
export default function Dialogs() {
  return (
    <>
      <Ask />
      <RefusalList />
      <AssignDialog />
      <PriorityDialog />
      <NameBoard />
      <ArchiveBoard />
      <CreateDialog />
      <Help />
    </>
  )
}
