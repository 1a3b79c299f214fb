/** `hermes doctor`: what works here, what does not, and what to do about it. */

import { environment } from '../config.ts'
import { neutralise } from '../lib/text.ts'
import { flag } from '../operations/command/grammar.ts'
import { json } from '../operations/command/output.ts'
import { read } from '../operations/command/read.ts'
import { paint, type Style } from '../operations/command/style.ts'
import { table } from '../operations/command/table.ts'
import { checkBoards } from './doctor/boards.ts'
import type { Finding } from './doctor/finding.ts'
import { checkGateway } from './doctor/gateway.ts'
import { checkHome, checkNode } from './doctor/installation.ts'
import { checkPort, checkTools } from './doctor/network.ts'
import { checkRuntimes } from './doctor/runtimes.ts'
import { checkConfig, checkProfiles, checkPrograms } from './doctor/workers.ts'
import { styleOf } from './terminal.ts'

const usage = 'hermes doctor [--json]'

const help = `Usage: ${usage}

Looks at this installation and changes nothing: Node, SQLite, the home, the database server where one is
named, each board (a quick check of its file), the configuration, the dispatcher, chats and webhooks that
are set up, runtimes, what is served on loopback, and profiles. Each finding comes with a next step. Exit 1
when something that everything needs is broken.

Flags:
  --json  print JSON
`

export async function doctor(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const flags = [flag('json', '--json', 'print JSON')]
  const given = read(argv, { path: [], places: [], flags }, usage)
  if (given.has('help')) {
    host.stdout.write(help)
    return 0
  }
  const facts = environment(host.env)
  const home = checkHome(facts.root)
  const isThere = home.every(({ level }) => level !== 'broken')
  const findings = [
    ...checkNode(host),
    ...home,
    // Without a home the rest would say the same in other words.
    ...(isThere ? await checkBoards(facts) : []),
    ...(isThere ? await checkConfig(facts) : []),
    ...(isThere ? await checkGateway(facts) : []),
    ...(await checkRuntimes(facts)),
    await checkTools(),
    await checkPort(),
    ...checkPrograms(facts),
    ...(isThere ? await checkProfiles(facts) : []),
  ]
  const ok = findings.every(({ level }) => level !== 'broken')
  const text =
    given.get('json') === true ? json({ ok, findings }) : lines(findings, styleOf(facts, host))
  host.stdout.write(`${text}\n`)
  return ok ? 0 : 1
}

const colours = { ok: 'green', warning: 'yellow', broken: 'red' } as const

function lines(findings: readonly Finding[], style: Style): string {
  const rows = table(
    findings.map(({ about, level, says }) => [
      { text: level, paint: paint(style)[colours[level]] },
      { text: about, paint: paint(style).bold },
      { text: neutralise(says) },
    ]),
    undefined,
  )
  return rows
    .flatMap((row, index) => {
      const next = findings[index]?.next
      return next === undefined ? [row] : [row, `         → ${neutralise(next)}`]
    })
    .join('\n')
}
