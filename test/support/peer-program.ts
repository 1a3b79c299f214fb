/** Started by `startPeer`. One JSON command a line on its input, one JSON answer a line on its output. */

import { createInterface } from 'node:readline'
import { migrate } from '../../src/store/schema.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store } from '../../src/store/store.ts'
import { notes } from './notes.ts'
import { openPlace } from './places.ts'

const place = JSON.parse(process.argv[2] ?? '')
let store: Store
let held: Promise<unknown>
let letGo = () => {}

const commands: Record<string, (argument: string) => Promise<unknown>> = {
  async open() {
    store = await openPlace(place)
    await migrate(store, notes)
  },
  add: (text) => store.write((tx) => tx.run(sql`insert into notes (text) values (${text})`)),
  async count() {
    const row = await store.read((reader) =>
      reader.get<{ n: number }>(sql`select count(*) as n from notes`),
    )
    return row?.n
  },
  hold(text) {
    return new Promise<void>((resolve, reject) => {
      held = store.write(async (tx) => {
        await tx.run(sql`insert into notes (text) values (${text})`)
        resolve()
        await new Promise<void>((end) => {
          letGo = end
        })
      })
      held.catch(reject)
    })
  },
  async 'let go'() {
    letGo()
    await held
  },
  async watch() {
    store.watch(() => {})
  },
}

function say(answer: { said?: string; threw?: string }): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

say({ said: 'here' })
for await (const line of createInterface(process.stdin)) {
  const { command, argument } = JSON.parse(line)
  try {
    say({ said: String(await commands[command]?.(argument)) })
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    say({ threw: `${code}: ${message}` })
  }
}
