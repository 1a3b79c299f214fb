import type { TestProject } from 'vitest/node'
import { findServer } from '../../tools/postgres-server.mjs'
import { buildPage } from './built-page.ts'
import { startCluster } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the tests' PostgreSQL listens; undefined when there is none. */
    pgUrl: string | undefined
  }
}

export default async function setup(project: TestProject) {
  buildPage()
  if (!findServer() && !process.env.CI) {
    console.warn('No PostgreSQL on this machine: its tests are skipped.')
    project.provide('pgUrl', undefined)
    return
  }
  const { url, stop } = await startCluster()
  project.provide('pgUrl', url)
  return stop
}
