import { lazy, Suspense, useEffect } from 'react'
import { useConnection } from './api/live.ts'
import { remember, remembered } from './lib/session.ts'
import { NotLoaded } from './ui/not-loaded.tsx'

const Dialogs = lazy(() => import('./dialogs.tsx').catch(() => ({ default: Missing })))
const Drawer = lazy(() => import('./drawer/drawer.tsx').catch(() => ({ default: Missing })))

/**
 * What the first look at a board does without. All of it is fetched as soon as that look is there: a page
 * stays open for days, and the files of its version go when the next one is installed.
 */
export function Later() {
  useEffect(() => whenIdle(fetchRest), [])
  return (
    <Suspense fallback={null}>
      <Drawer />
      <Dialogs />
    </Suspense>
  )
}

async function fetchRest(): Promise<void> {
  const parts = [import('./ui/rendered-markdown.tsx'), import('./graph/picture.tsx')]
  // What does not come is told where it is missed.
  await Promise.allSettled(parts)
}

/** Returns what calls it off. */
function whenIdle(work: () => Promise<void>): () => void {
  // One browser has no such thing.
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(work, 1000)
    return () => clearTimeout(timer)
  }
  const handle = requestIdleCallback(() => void work(), { timeout: 5000 })
  return () => cancelIdleCallback(handle)
}

const once = 'hermes.loaded-again'

/** Without these parts nothing can be opened or made: the page loads itself again when the server is back, once. */
function Missing() {
  const { is } = useConnection()
  useEffect(() => {
    if (is !== 'live' || remembered(once) !== undefined) return
    remember(once, 'yes')
    location.reload()
  }, [is])
  return (
    <section
      aria-label="A part of the page is missing"
      className="fixed inset-x-3 bottom-3 z-30 mx-auto max-w-110 rounded-lg bg-raised shadow-float"
    >
      <NotLoaded />
    </section>
  )
}
