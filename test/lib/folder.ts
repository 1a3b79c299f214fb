import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** An empty folder that goes with the test, in a path with a space and letters of other scripts. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kanban tëst 板-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
