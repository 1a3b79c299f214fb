import { useEffect, useState } from 'react'
import { useConnection } from '../api/live.ts'
import { cx } from '../lib/classes.ts'

/** Whether what is shown is how things are. */
export function LiveState() {
  const connection = useConnection()
  const [word, dot] = stateOf(connection.is)
  return (
    <span
      role="status"
      data-connection={connection.is}
      className="flex h-7 items-center gap-1.5 text-xs whitespace-nowrap text-faint"
    >
      <span aria-hidden className={cx('size-1.5 rounded-full', dot)} />
      {word}
      {connection.is === 'offline' && <Countdown until={connection.retryAt} />}
    </span>
  )
}

function stateOf(is: ReturnType<typeof useConnection>['is']): readonly [string, string] {
  switch (is) {
    case 'live':
      return ['Live', 'bg-done']
    case 'connecting':
      return ['Connecting', 'bg-edge']
    case 'offline':
      return ['Offline', 'bg-late']
    case 'denied':
      return ['Not authorised', 'bg-wrong']
  }
}

function Countdown({ until }: { readonly until: number }) {
  const [left, setLeft] = useState(() => secondsTo(until))
  useEffect(() => {
    setLeft(secondsTo(until))
    const timer = setInterval(() => setLeft(secondsTo(until)), 1000)
    return () => clearInterval(timer)
  }, [until])
  return (
    <span aria-hidden className="tabular max-sm:hidden">
      · again in {left} s
    </span>
  )
}

function secondsTo(until: number): number {
  return Math.max(0, Math.ceil((until - Date.now()) / 1000))
}
