/** What a gateway remembers of its chats: `<root>/kanban/gateway.db`, ours alone. */

import { join } from 'node:path'
import type { Clock } from '../../lib/clock.ts'
import { privateFolder } from '../../lib/files.ts'
import { type Column, migrate, type Schema } from '../../store/schema.ts'
import { openSqlite } from '../../store/sqlite.ts'
import type { Store } from '../../store/store.ts'

const text = (name: string): Column => ({ name, type: 'text', notNull: true })
const integer = (name: string): Column => ({ name, type: 'integer', notNull: true })

const schema: Schema = {
  tables: [
    {
      name: 'inbox',
      primaryKey: ['platform', 'key'],
      columns: [
        text('platform'),
        text('key'),
        text('chat_id'),
        text('state'),
        text('body'),
        integer('received_at'),
      ],
    },
    {
      name: 'messages',
      primaryKey: ['platform', 'chat_id', 'message_id'],
      columns: [
        text('platform'),
        text('chat_id'),
        text('message_id'),
        text('board'),
        text('task_id'),
        text('asks'),
        text('said'),
        integer('sent_at'),
      ],
    },
    {
      name: 'pins',
      primaryKey: ['platform', 'chat_id', 'thread_id'],
      columns: [text('platform'), text('chat_id'), text('thread_id'), text('folder')],
    },
    {
      name: 'private_chats',
      primaryKey: ['platform', 'chat_id'],
      columns: [text('platform'), text('chat_id'), text('user_id')],
    },
    {
      name: 'moved_chats',
      primaryKey: ['platform', 'chat_id'],
      columns: [text('platform'), text('chat_id'), text('moved_to')],
    },
    {
      name: 'dropped',
      primaryKey: 'autoincrement',
      columns: [
        { name: 'id', type: 'integer' },
        text('board'),
        text('task_id'),
        text('platform'),
        text('chat_id'),
        text('thread_id'),
        text('reason'),
        integer('dropped_at'),
      ],
    },
  ],
  indexes: [
    { name: 'inbox_waiting', table: 'inbox', columns: ['platform'], where: "state <> 'done'" },
    { name: 'messages_sent', table: 'messages', columns: ['sent_at'] },
  ],
}

/** The caller closes it. */
export async function openMemory(root: string, clock: Clock): Promise<Store> {
  const folder = join(root, 'kanban')
  await privateFolder(folder)
  const store = await openSqlite(join(folder, 'gateway.db'), { clock, create: true })
  try {
    await migrate(store, schema)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
