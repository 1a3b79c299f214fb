import { Tabs } from '@base-ui/react/tabs'
import { wordsOf } from '../api/client.ts'
import { useTask } from '../api/task.ts'
import { useCards } from '../board/use-board.ts'
import { line } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Bar, Empty } from '../ui/empty.tsx'
import type { Tab } from '../url/place.ts'
import { adjust, goTo, usePlace } from '../url/place-store.ts'
import { Activity } from './activity.tsx'
import { DrawerHead } from './drawer-head.tsx'
import { LogView } from './log-view.tsx'
import { Runs } from './runs.tsx'
import { TaskGraph } from './task-graph.tsx'
import { TaskTab } from './task-tab.tsx'
import { Title } from './title.tsx'
import { Why } from './why.tsx'

const tab =
  'h-8 shrink-0 border-b-2 border-transparent px-1 text-soft outline-none hover:text-ink data-active:border-ink data-active:text-ink focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-act pointer-coarse:h-11'

const panel = 'min-h-0 flex-1 overflow-y-auto px-5 py-4 outline-none max-sm:px-4'

export function TaskPane({ id }: { readonly id: string }) {
  const place = usePlace()
  const { data: shown, error, refetch } = useTask(place.board, id)
  if (shown === undefined) {
    return error === null ? <Loading id={id} /> : <Failed error={error} again={refetch} />
  }
  const { task, runs, events, links } = shown
  const hasLinks = links.parents.length + links.children.length > 0
  return (
    <>
      <DrawerHead task={task} />
      <div className="px-5 pb-3 max-sm:px-4">
        <Title task={task} />
        <Why shown={shown} />
      </div>
      <Tabs.Root
        value={place.tab}
        onValueChange={(value: Tab) => adjust({ tab: value })}
        className="flex min-h-0 flex-1 flex-col"
      >
        <Tabs.List className="flex shrink-0 gap-4 overflow-x-auto border-b border-line px-5 [scrollbar-width:none] max-sm:px-4">
          <Tabs.Tab value="task" className={tab}>
            Task
          </Tabs.Tab>
          <Tabs.Tab value="runs" className={tab}>
            Runs <Count value={runs.length} />
          </Tabs.Tab>
          <Tabs.Tab value="log" className={tab}>
            Log
          </Tabs.Tab>
          <Tabs.Tab value="activity" className={tab}>
            Activity <Count value={events.length} />
          </Tabs.Tab>
          {hasLinks && (
            <Tabs.Tab value="graph" className={tab}>
              Graph
            </Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="task" className={panel}>
          <TaskTab shown={shown} />
        </Tabs.Panel>
        <Tabs.Panel value="runs" className={panel}>
          <Runs shown={shown} />
        </Tabs.Panel>
        <Tabs.Panel value="log" className="flex min-h-0 flex-1 flex-col outline-none">
          <LogView shown={shown} />
        </Tabs.Panel>
        <Tabs.Panel value="activity" className={panel}>
          <Activity shown={shown} />
        </Tabs.Panel>
        <Tabs.Panel value="graph" className="min-h-0 flex-1 outline-none">
          <TaskGraph id={id} />
        </Tabs.Panel>
      </Tabs.Root>
    </>
  )
}

function Count({ value }: { readonly value: number }) {
  if (value === 0) return null
  return <span className="tabular text-xs text-faint">{value}</span>
}

/** What the board knows already stands where it will stand; the rest are bars of its size. */
function Loading({ id }: { readonly id: string }) {
  const card = useCards().get(id)
  return (
    <div className="grid gap-3 px-5 py-4" aria-busy="true">
      <span className="font-mono text-xs text-faint">{id}</span>
      {card === undefined ? (
        <Bar className="h-6 w-3/4" />
      ) : (
        <h2 className="foreign text-lg font-semibold">{line(card.title)}</h2>
      )}
      <Bar className="h-4 w-1/2" />
      <Bar className="mt-8 h-4 w-full" />
      <Bar className="h-4 w-full" />
      <Bar className="h-4 w-2/3" />
      <span className="sr-only">Loading</span>
    </div>
  )
}

function Failed({ error, again }: { readonly error: Error; readonly again: () => unknown }) {
  return (
    <Empty
      title="This task is not here"
      action={
        <>
          <Button onClick={() => again()}>Try again</Button>
          <Button onClick={() => goTo({ task: null })}>Close</Button>
        </>
      }
    >
      {wordsOf(error)}
    </Empty>
  )
}
