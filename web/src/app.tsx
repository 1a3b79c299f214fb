import { Tooltip } from '@base-ui/react/tooltip'
import { useEffect } from 'react'
import { wordsOf } from './api/client.ts'
import { useLive } from './api/live.ts'
import { Notices } from './attention/notices.tsx'
import { AttentionStrip } from './attention/strip.tsx'
import { Board } from './board/board.tsx'
import { BoardSkeleton } from './board/skeleton.tsx'
import { useBoard, useCards, useColumns, useNeeding } from './board/use-board.ts'
import { CardMenu } from './card/card-menu.tsx'
import { startCreating } from './create/create-store.ts'
import { BoardGraph } from './graph/board-graph.tsx'
import { Announcer } from './keyboard/announce.tsx'
import { Later } from './later.tsx'
import { line } from './lib/text.ts'
import { BulkBar } from './selection/bulk-bar.tsx'
import { Toolbar } from './toolbar/toolbar.tsx'
import { Boundary } from './ui/boundary.tsx'
import { Button } from './ui/button.tsx'
import { Empty } from './ui/empty.tsx'
import { Toasts } from './ui/toast.tsx'
import { adjust } from './url/place-store.ts'
import { useView } from './url/view.ts'

export function App() {
  return (
    <Tooltip.Provider delay={500}>
      <Toasts>
        <div className="flex h-dvh flex-col overflow-hidden">
          <Page />
        </div>
        <CardMenu />
        <Announcer />
      </Toasts>
    </Tooltip.Provider>
  )
}

function Page() {
  const view = useView()
  const { data, error, refetch } = useBoard()
  const cards = useCards()
  const needs = useNeeding(cards)
  const columns = useColumns(cards, needs)
  useLive(view.board, data?.latest)
  const name = data?.board

  useEffect(() => {
    document.title = name === undefined ? 'Hermes Kanban' : `${line(name)} · Hermes Kanban`
  }, [name])

  const isFiltered =
    view.q !== '' || view.tenant !== '' || view.assignee !== '' || view.attention === true
  const shown = columns.reduce((sum, column) => sum + column.cards.length, 0)
  return (
    <>
      <Toolbar />
      <main className="flex min-h-0 flex-1 flex-col">
        <h1 className="sr-only">{name === undefined ? 'Board' : `Board ${line(name)}`}</h1>
        {data === undefined ? (
          error === null ? (
            <BoardSkeleton />
          ) : (
            <Empty
              title="The board cannot be shown"
              action={<Button onClick={() => refetch()}>Try again</Button>}
            >
              {wordsOf(error)}
            </Empty>
          )
        ) : (
          <Boundary
            fallback={(broken, again) => (
              <Empty
                title="The board cannot be drawn"
                action={<Button onClick={again}>Try again</Button>}
              >
                {String(broken)}
              </Empty>
            )}
          >
            <Notices ready={columns.find((column) => column.name === 'ready')?.cards.length ?? 0} />
            <AttentionStrip needs={needs} />
            {data.cards.size === 0 && <FirstTask />}
            {isFiltered && shown === 0 && data.cards.size > 0 && <NothingFound />}
            {view.view === 'graph' ? (
              <BoardGraph columns={columns} />
            ) : (
              <Board columns={columns} lanes={view.lanes} isFiltered={isFiltered} />
            )}
          </Boundary>
        )}
      </main>
      <BulkBar cards={cards} />
      {(data !== undefined || error !== null || view.task !== null) && <Later />}
    </>
  )
}

function FirstTask() {
  return (
    <Empty
      title="Nothing is on this board yet"
      action={
        <Button look="strong" onClick={() => startCreating({})}>
          Make the first task
        </Button>
      }
    >
      Put down what is to be done and who does it. A dispatcher hands it to a worker as soon as it
      is ready. From a terminal:{' '}
      <code className="font-mono text-xs whitespace-nowrap">hermes kanban create</code>
    </Empty>
  )
}

function NothingFound() {
  return (
    <section
      aria-label="Nothing found"
      data-stays
      // Over the board: nothing moves while somebody is still typing.
      className="fixed bottom-8 left-1/2 z-10 flex -translate-x-1/2 items-center gap-3 rounded-lg bg-raised py-2 pr-2 pl-4 whitespace-nowrap shadow-float"
    >
      <p className="font-medium">No card matches the filter</p>
      <Button onClick={() => adjust({ q: '', tenant: '', assignee: '', attention: false })}>
        Clear the filter
      </Button>
    </section>
  )
}
