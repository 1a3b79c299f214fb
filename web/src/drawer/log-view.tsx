import { ArrowDown, Copy } from 'lucide-react'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Shown } from '../../../src/http/types.ts'
import { wordsOf } from '../api/client.ts'
import { useLog } from '../api/log.ts'
import { copy } from '../lib/copy.ts'
import { plain } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { Bar, Empty } from '../ui/empty.tsx'
import { usePlace } from '../url/place-store.ts'

/** What the worker wrote. It follows as long as somebody looks at its end. */
export function LogView({ shown }: { readonly shown: Shown }) {
  const { board } = usePlace()
  const { task } = shown
  const {
    data: log,
    error,
    refetch,
    isFollowing,
  } = useLog(board, task.id, task.status === 'running')
  const scroller = useRef<HTMLDivElement>(null)
  const [isAtEnd, setAtEnd] = useState(true)
  const text = useMemo(() => plain(log?.content ?? ''), [log])
  useLayoutEffect(() => {
    const element = scroller.current
    if (element !== null && isAtEnd) element.scrollTop = element.scrollHeight
  }, [text, isAtEnd])

  if (log === undefined) {
    if (error === null) return <LoadingLog />
    return (
      <Empty
        title="The log cannot be read"
        action={<Button onClick={() => refetch()}>Try again</Button>}
      >
        {wordsOf(error)}
      </Empty>
    )
  }
  if (text === '') {
    return (
      <Empty title="Nothing was written yet">
        What the worker of this task writes will be in <code className="font-mono">{log.path}</code>
        .
      </Empty>
    )
  }
  return (
    <>
      <div className="flex shrink-0 items-center gap-2 px-5 py-2 text-xs text-faint max-sm:px-4">
        <button
          type="button"
          title="Copy the path"
          className="foreign flex min-w-0 items-center gap-1 rounded-sm px-1 font-mono hover:bg-hover"
          onClick={() => void copy(log.path)}
        >
          <span className="truncate">{log.path}</span>
          <Copy size={12} aria-hidden className="shrink-0" />
        </button>
        <span className="flex-1" />
        {log.truncated && <span>Its end</span>}
        {isFollowing && (
          <span className="flex items-center gap-1.5" role="status">
            <span aria-hidden className="size-1.5 animate-breathe rounded-full bg-running" />
            Following
          </span>
        )}
      </div>
      <div
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-label="Worker log"
        aria-live="off"
        onScroll={({ currentTarget: box }) =>
          setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < 40)
        }
        className="min-h-0 flex-1 overflow-auto border-t border-line bg-sunken px-5 py-3 outline-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-act max-sm:px-4"
      >
        <pre className="font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</pre>
      </div>
      {!isAtEnd && (
        <Button
          icon={ArrowDown}
          className="absolute right-5 bottom-4 shadow-float"
          onClick={() => setAtEnd(true)}
        >
          To the end
        </Button>
      )}
    </>
  )
}

function LoadingLog() {
  return (
    <div className="grid gap-2 px-5 py-4" aria-busy="true">
      <Bar className="h-3 w-2/3" />
      <Bar className="h-3 w-1/2" />
      <Bar className="h-3 w-3/4" />
      <span className="sr-only">Loading</span>
    </div>
  )
}
