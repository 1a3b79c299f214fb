import { lazy } from 'react'
import { NotLoaded } from '../ui/not-loaded.tsx'

/** Arranging it takes a library of its own. */
export const Picture = lazy(() => import('./picture.tsx').catch(() => ({ default: NotLoaded })))
