import type { ReactNode } from 'react'
import type { Status } from '../../../src/model/status.ts'
import { cx } from '../lib/classes.ts'
import { isStatus, lookOf } from './statuses.ts'

/** The sign of a status: its shape says it as well as its colour. */
export function Mark({
  status,
  size = 14,
  still = false,
}: {
  readonly status: string
  readonly size?: number
  /** Without motion: where there are many. */
  readonly still?: boolean
}) {
  return (
    <svg
      viewBox="0 0 14 14"
      width={size}
      height={size}
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cx('shrink-0', lookOf(status).ink)}
    >
      {isStatus(status) ? shapes[status](still) : <circle cx="7" cy="7" r="2" />}
    </svg>
  )
}

const ring = <circle cx="7" cy="7" r="5.2" />

const shapes: Record<Status, (still: boolean) => ReactNode> = {
  triage: () => <path d="M7 1.4 12.6 7 7 12.6 1.4 7Z" />,
  todo: () => <circle cx="7" cy="7" r="5.2" strokeDasharray="2.2 1.9" />,
  ready: () => ring,
  running: (still) => (
    <>
      <circle cx="7" cy="7" r="5.2" opacity="0.3" />
      <g className={still ? undefined : 'origin-center animate-turn'}>
        <path d="M7 1.8A5.2 5.2 0 0 1 12.2 7" />
      </g>
      <circle cx="7" cy="7" r="2" fill="currentColor" stroke="none" />
    </>
  ),
  blocked: () => (
    <>
      {ring}
      <path d="M5.6 5.2v3.6M8.4 5.2v3.6" />
    </>
  ),
  done: () => (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" stroke="none" />
      <path d="m4.4 7.2 1.8 1.8 3.4-3.8" stroke="var(--color-surface)" />
    </>
  ),
  archived: () => (
    <path d="M2.2 4.6h9.6v6.6a1 1 0 0 1-1 1H3.2a1 1 0 0 1-1-1ZM1.6 2h10.8v2.6H1.6ZM5.6 7h2.8" />
  ),
}
