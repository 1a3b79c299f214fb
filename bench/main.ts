/** `npm run bench -- [--quick] [--large] [name …]`: measures, prints a table, writes results.json. */

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Measurement } from './bench.ts'
import { isMet, type Row } from './measure.ts'
import { header, line } from './table.ts'

/** Each is loaded when its turn comes: none is measured in a process that holds another's code. */
const measurements: Readonly<Record<string, () => Promise<Measurement>>> = {
  create: async () => (await import('./create.ts')).create,
  cycle: async () => (await import('./cycle.ts')).cycle,
  batches: async () => (await import('./batches.ts')).batches,
  race: async () => (await import('./race.ts')).race,
  postgres: async () => (await import('./postgres.ts')).postgres,
  tick: async () => (await import('./tick.ts')).tick,
  size: async () => (await import('./size.ts')).size,
  promote: async () => (await import('./promote.ts')).promote,
  list: async () => (await import('./list.ts')).list,
  http: async () => (await import('./http.ts')).http,
  page: async () => (await import('./page.ts')).page,
  open: async () => (await import('./open.ts')).open,
  disk: async () => (await import('./disk.ts')).disk,
  cli: async () => (await import('./cli.ts')).cli,
  start: async () => (await import('./start.ts')).start,
  notify: async () => (await import('./notify.ts')).notify,
}

const { values: size, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const names = positionals.length === 0 ? Object.keys(measurements) : positionals
const unknown = names.filter((name) => !Object.hasOwn(measurements, name))

if (unknown.length > 0) {
  console.error(
    `no such measurement: ${unknown.join(', ')}. There are ${Object.keys(measurements).join(', ')}.`,
  )
  process.exitCode = 2
} else {
  const rows: Row[] = []
  console.log(header)
  for (const name of names) {
    const measurement = await measurements[name]?.()
    if (measurement === undefined) continue
    for await (const row of measurement(size)) {
      rows.push(row)
      console.log(line(row))
    }
  }
  const results = rows.map((row) => ({ ...row, ok: isMet(row) }))
  const text = JSON.stringify({ node: process.version, ...size, results }, null, 2)
  writeFileSync(new URL('results.json', import.meta.url), `${text}\n`)
}
