/** A table for tests of the store, which knows nothing of tasks. */

import type { Schema } from '../../src/store/schema.ts'
import { sql } from '../../src/store/sql.ts'
import type { Reader, Store, Tx } from '../../src/store/store.ts'

export const notes: Schema = {
  tables: [
    {
      name: 'notes',
      primaryKey: 'autoincrement',
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'text', type: 'text', notNull: true },
        { name: 'size', type: 'integer', notNull: true, default: 0 },
      ],
    },
  ],
  indexes: [
    { name: 'notes_size', table: 'notes', columns: ['size desc', 'id'], where: 'size > 0' },
  ],
}

export function add(tx: Tx, text: string): Promise<number> {
  return tx.run(sql`insert into notes (text) values (${text})`)
}

export async function texts(reader: Reader): Promise<string[]> {
  const rows = await reader.all<{ text: string }>(sql`select text from notes order by id`)
  return rows.map((row) => row.text)
}

/** Resolves once a ring has led to a look that finds the note. */
export function heard(store: Store, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = store.watch(() => {
      store.read(texts).then((found) => {
        if (!found.includes(text)) return
        stop()
        resolve()
      }, reject)
    })
  })
}
