import { Minus, Plus, Scan } from 'lucide-react'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Graph } from '../../../src/http/types.ts'
import { cx } from '../lib/classes.ts'
import { line } from '../lib/text.ts'
import { Mark } from '../status/mark.tsx'
import { lookOf } from '../status/statuses.ts'
import { IconButton } from '../ui/button.tsx'
import { goTo, hrefTo } from '../url/place-store.ts'
import { nodeHeight, nodeWidth, pictureOf } from './layout.ts'

interface PictureProps {
  readonly graph: Graph
  /** The task that it is about. */
  readonly focus?: string
  /** What a filter leaves; the others are faint. */
  readonly visible?: ReadonlySet<string>
  readonly note?: string | undefined
}

const closest = 2
const farthest = 0.25
/** Smaller than this at first, and nobody could read it. */
const readable = 0.8

export default function Picture({ graph, focus, visible, note }: PictureProps) {
  const picture = useMemo(() => pictureOf(graph), [graph])
  const frame = useRef<HTMLDivElement>(null)
  const [scale, setScale] = useState(1)
  const size = `${picture.width}x${picture.height}`

  function fit(least = farthest): void {
    const box = frame.current
    if (box === null) return
    const most = Math.min(box.clientWidth / picture.width, box.clientHeight / picture.height)
    const fitted = Math.max(least, Math.min(1, most))
    setScale(fitted)
    const node = picture.nodes.find(({ task }) => task.id === focus)
    if (node === undefined) return
    box.scrollLeft = (node.x + nodeWidth / 2) * fitted - box.clientWidth / 2
    box.scrollTop = (node.y + nodeHeight / 2) * fitted - box.clientHeight / 2
  }
  useLayoutEffect(() => fit(readable), [size, focus])

  const zoom = (by: number) => () =>
    setScale(Math.max(farthest, Math.min(closest, Math.round(scale * by * 20) / 20)))

  return (
    <div className="relative h-full min-h-0">
      <div ref={frame} className="flex h-full overflow-auto bg-sunken">
        <div
          className="relative m-auto shrink-0"
          style={{ width: picture.width * scale, height: picture.height * scale }}
        >
          <div
            className="absolute top-0 left-0 origin-top-left"
            style={{
              width: picture.width,
              height: picture.height,
              transform: `scale(${scale})`,
            }}
          >
            <svg
              width={picture.width}
              height={picture.height}
              aria-hidden="true"
              fill="none"
              className="absolute inset-0"
            >
              <defs>
                <marker
                  id="arrow"
                  viewBox="0 0 8 8"
                  refX="7"
                  refY="4"
                  markerWidth="7"
                  markerHeight="7"
                  orient="auto"
                >
                  <path d="M1 1 7 4 1 7" stroke="var(--color-faint)" strokeWidth="1.4" />
                </marker>
              </defs>
              {picture.edges.map(({ id, path, isOpen }) => (
                <path
                  key={id}
                  d={path}
                  stroke={isOpen ? 'var(--color-faint)' : 'var(--color-edge)'}
                  strokeWidth="1.4"
                  strokeDasharray={isOpen ? undefined : '3 3'}
                  markerEnd="url(#arrow)"
                />
              ))}
            </svg>
            <ul aria-label="Tasks and what they wait for">
              {picture.nodes.map(({ task, x, y }) => (
                <li
                  key={task.id}
                  className="absolute"
                  style={{ left: x, top: y, width: nodeWidth, height: nodeHeight }}
                >
                  <a
                    data-node={task.id}
                    href={hrefTo({ task: task.id })}
                    title={`${line(task.title)} — ${lookOf(task.status).name}`}
                    onClick={(event) => {
                      if (event.ctrlKey || event.metaKey) return
                      event.preventDefault()
                      goTo({ task: task.id })
                    }}
                    className={cx(
                      'flex h-full items-center gap-2 rounded-md border bg-surface px-2.5 hover:border-edge',
                      task.id === focus ? 'border-act' : 'border-line',
                      visible?.has(task.id) === false && 'opacity-40',
                    )}
                  >
                    <Mark status={task.status} still />
                    <span className="min-w-0 flex-1">
                      <span className="foreign block truncate text-xs font-medium">
                        {line(task.title)}
                      </span>
                      <span className="block truncate text-xs text-faint">
                        {lookOf(task.status).name}
                        {task.assignee !== null && ` · ${line(task.assignee)}`}
                      </span>
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          </div>
        </div>
      </div>
      <div className="absolute right-3 bottom-3 flex items-center rounded-md bg-raised shadow-float">
        <IconButton icon={Minus} label="Smaller" onClick={zoom(0.8)} />
        <IconButton icon={Plus} label="Larger" onClick={zoom(1.25)} />
        <IconButton icon={Scan} label="All of it" onClick={() => fit()} />
      </div>
      {note && (
        <p className="absolute top-3 left-3 rounded-md bg-raised px-2.5 py-1.5 text-xs text-soft shadow-float">
          {note}
        </p>
      )}
    </div>
  )
}
