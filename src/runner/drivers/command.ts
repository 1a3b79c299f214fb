/** Any program as a worker: started behind a gate, its exit code decides. */

import { open } from 'node:fs/promises'
import type { Report } from '../../workers/report.ts'
import type { Prepared } from '../prepare.ts'
import type { WorkerProcess } from '../worker.ts'
import { startGated } from './gate.ts'

/** Standard input is the brief, standard output and error are the log: files, which no death of ours can break. */
export async function startCommand(prepared: Prepared): Promise<WorkerProcess> {
  const brief = await open(prepared.input ?? '/dev/null', 'r')
  const log = await open(prepared.logFile, 'a', 0o600)
  try {
    const { worker } = await startGated({ ...prepared, stdio: [brief.fd, log.fd, log.fd] })
    return { ...worker, report: () => reportIn(prepared.report) }
  } finally {
    await brief.close()
    await log.close()
  }
}

/** Its schema is made when the worker has ended: nobody waits for that. */
async function reportIn(file: string): Promise<Report> {
  const { readReport } = await import('../../workers/report.ts')
  return readReport(file)
}
