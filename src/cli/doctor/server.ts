/** The database server that several machines share, where one is named. */

import { type Environment, isUrl, namedDatabase } from '../../config.ts'
import type { ServerFacts } from '../../store/postgres-facts.ts'
import { broken, type Finding, fine, orBroken, warning } from './finding.ts'

/** Of older ones nothing was tried. */
const oldest = 13

/** Seconds. */
const mostApart = 5

const fewest = 10

const about = 'database'

/** None where boards are files. */
export async function checkServer(facts: Environment): Promise<readonly Finding[]> {
  const url = await namedDatabase(facts)
  if (url === undefined || !isUrl(url)) return []
  const next = 'see that the server runs, and that this machine and its user may reach it'
  return orBroken(about, next, async () => {
    const { serverFacts } = await import('../../store/postgres-facts.ts')
    return findingsAbout(await serverFacts(url))
  })
}

export function findingsAbout(server: ServerFacts): Finding[] {
  const { place, version, encoding, connections } = server
  if (server.major < oldest) {
    return [broken(about, `${place} is PostgreSQL ${version}`, `use version ${oldest} or newer`)]
  }
  if (encoding !== 'UTF8') {
    return [
      broken(
        about,
        `${place} keeps text as ${encoding}`,
        'make the database anew with encoding UTF8',
      ),
    ]
  }
  const faults = [...clockFaults(server), ...rightFaults(server), ...networkFaults(server)]
  const { used, most } = connections
  const answer = `answers in ${server.answersIn.toFixed(1)} ms`
  const says = `${place}: PostgreSQL ${version}, ${answer}, ${used} of ${most} connections in use`
  return [fine(about, says), ...faults]
}

function clockFaults({ ahead }: ServerFacts): Finding[] {
  if (Math.abs(ahead) <= mostApart) return []
  const which = ahead > 0 ? 'ahead of' : 'behind'
  return [
    warning(
      about,
      `its clock is ${Math.abs(ahead)} s ${which} that of this machine; claims go by the server's, logs by ours`,
      'have both set by a time server',
    ),
  ]
}

function rightFaults({ mayCreate }: ServerFacts): Finding[] {
  if (mayCreate) return []
  return [
    warning(
      about,
      'its user may make no schema, so no board can be made',
      'grant create on database … to …',
    ),
  ]
}

function networkFaults({ connections: { used, most }, open }: ServerFacts): Finding[] {
  const faults: Finding[] = []
  if (most - used < fewest) {
    faults.push(
      warning(
        about,
        `only ${most - used} of its ${most} connections are free`,
        'raise max_connections of the server: a machine takes two for each board and two for each worker',
      ),
    )
  }
  if (open) {
    faults.push(
      warning(
        about,
        'whoever is on the network between can read along',
        'turn on TLS on the server, and add sslmode=verify-full to the URL',
      ),
    )
  }
  return faults
}
