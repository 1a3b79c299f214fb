import { readFileSync } from 'node:fs'

/** Both in MB. */
export interface Memory {
  /** All pages that the process has in memory; those of the Node binary are counted for each of them. */
  readonly resident: number
  /** Pages that several processes share are divided among them: what one process more really takes. */
  readonly share: number
}

/** Of a process on Linux. */
export function memoryOf(pid: number | undefined): Memory {
  return {
    resident: field(`/proc/${pid}/status`, 'VmRSS'),
    share: field(`/proc/${pid}/smaps_rollup`, 'Pss'),
  }
}

function field(file: string, name: string): number {
  const [, kilobytes] =
    new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(file, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}
