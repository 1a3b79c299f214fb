import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { comment } from '../../src/board/comment.ts'
import { complete } from '../../src/board/complete.ts'
import { type Entry, entries } from '../../src/board/export/entries.ts'
import { document, sheets } from '../../src/board/export/markdown.ts'
import { fromSnapshot } from '../../src/board/export/snapshot.ts'
import { hold } from '../../src/board/holds.ts'
import { subscribe } from '../../src/board/subscriptions.ts'
import type { BoardFacts } from '../../src/model/board.ts'
import { lockToken } from '../../src/model/lock.ts'
import { replaceWhole, writeWhole } from '../../src/operations/export-file.ts'
import { sql } from '../../src/store/sql.ts'
import type { Store } from '../../src/store/store.ts'
import { newHome } from '../operations/home.ts'
import { newFolder } from '../support/stores.ts'
import { everything, fenceOf, forEachBoard, make, take, taskIn } from './support.ts'

const facts: BoardFacts = {
  slug: 'atlas',
  name: 'Atlas',
  description: '',
  icon: '',
  color: '',
  created_at: null,
  archived: false,
  default_workdir: null,
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

async function all(store: Store): Promise<Entry[]> {
  return (await collected(fromSnapshot(store, entries))).flat()
}

async function markdown(store: Store): Promise<string> {
  const pieces = await collected(fromSnapshot(store, (reader) => document(reader, facts)))
  return pieces.join('')
}

forEachBoard((open) => {
  test('every row is exported once, whatever its status', async () => {
    const store = await open()
    await store.write(async (tx) => {
      for (const status of ['triage', 'todo', 'ready', 'running', 'blocked', 'done', 'archived']) {
        const id = await taskIn(tx, status)
        await comment(tx, id, 'ann', `about ${status}`)
        const place = { task_id: id, platform: 'telegram', chat_id: '7', thread_id: '' }
        await subscribe(tx, place, null)
      }
    })
    const exported = Object.groupBy(await all(store), (entry) => entry.type)
    const kept = (await store.read(everything)) as Record<string, unknown[]>
    expect(exported.task).toHaveLength(kept.tasks?.length ?? 0)
    expect(exported.link).toHaveLength(kept.links?.length ?? 0)
    expect(exported.run).toHaveLength(kept.runs?.length ?? 0)
    expect(exported.event).toHaveLength(kept.events?.length ?? 0)
    expect(exported.comment).toHaveLength(7)
    expect(exported.subscription).toHaveLength(7)
    expect(await all(store)).toEqual(await all(store))
  })

  test('a board of many pages is exported whole and in order', async () => {
    const store = await open()
    await store.write(async (tx) => {
      for (let n = 0; n < 450; n += 1) await make(tx)
    })
    const exported = await all(store)
    const ids = exported.filter(({ type }) => type === 'task').map(({ id }) => String(id))
    expect(new Set(ids).size).toBe(450)
    expect(ids).toEqual(ids.toSorted())
    const numbers = exported.filter(({ type }) => type === 'event').map(({ id }) => Number(id))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(numbers).toHaveLength(450)
  })

  test('JSON is told as what it says, and what is none as its text', async () => {
    const store = await open()
    await store.write(async (tx) => {
      const id = await make(tx, { skills: ['a'] })
      await complete(tx, id, { metadata: { files: 3 } })
      await tx.run(sql`update task_events set payload = 'no json' where kind = 'created'`)
    })
    const exported = await all(store)
    expect(exported.find(({ type }) => type === 'task')?.skills).toEqual(['a'])
    expect(exported.find(({ type }) => type === 'run')?.metadata).toEqual({ files: 3 })
    expect(exported.find(({ kind }) => kind === 'created')?.payload).toBe('no json')
  })

  test("a claim's token is never exported", async () => {
    const store = await open()
    const lock = await store.write(async (tx) => {
      const id = await make(tx)
      await take(tx, id)
      return (await fenceOf(tx, id)).lock
    })
    const exported = await all(store)
    const token = lockToken(lock) ?? ''
    expect(token).not.toBe('')
    expect(JSON.stringify(exported)).not.toContain(token)
    expect(exported.find(({ type }) => type === 'task')?.claim_lock).toBe('here+1:42')
  })

  test('columns of other programs are exported too', async () => {
    const store = await open()
    await store.write(async (tx) => {
      await tx.run(sql`alter table tasks add column goal_mode integer default 7`)
      await make(tx)
    })
    expect((await all(store))[0]).toMatchObject({ type: 'task', goal_mode: 7 })
  })

  test('it shows one moment, whoever writes meanwhile', async () => {
    const store = await open()
    const other = await open({ beside: store })
    await store.write(async (tx) => {
      for (let n = 0; n < 450; n += 1) await make(tx)
    })
    const exported: Entry[] = []
    for await (const some of fromSnapshot(store, entries)) {
      exported.push(...some)
      await other.write((tx) => make(tx, { title: 'later' }))
    }
    expect(exported.filter(({ type }) => type === 'task')).toHaveLength(450)
    expect(exported.filter(({ type }) => type === 'event')).toHaveLength(450)
  })

  test('whoever stops reading half-way, or meets an error, leaves the store free', async () => {
    const store = await open()
    await store.write(async (tx) => {
      for (let n = 0; n < 450; n += 1) await make(tx)
    })
    for await (const _some of fromSnapshot(store, entries)) break
    const broken = fromSnapshot(store, async function* (reader) {
      yield 1
      await reader.all(sql`select id from nowhere`)
    })
    await expect(collected(broken)).rejects.toThrow(/nowhere/)
    expect(await all(store)).toHaveLength(900)
  })

  test('Markdown has the tasks by status, statuses of other programs last', async () => {
    const store = await open()
    await store.write(async (tx) => {
      for (const status of ['scheduled', 'done', 'ready', 'archived']) await taskIn(tx, status)
      await make(tx, { title: 'urgent', priority: 5 })
    })
    const text = await markdown(store)
    const headings = text.split('\n').filter((line) => line.startsWith('## '))
    expect(headings).toEqual(['## ready (2)', '## done (1)', '## archived (1)', '## scheduled (1)'])
    expect(text.indexOf('urgent')).toBeLessThan(text.indexOf(' work'))
    expect(text).toContain('2 ready, 1 done, 1 archived, 1 scheduled.')
  })

  test('nothing that somebody wrote can pose as Markdown of ours', async () => {
    const store = await open()
    const nasty = '```\n# Heading\n<script>x</script>\n````\n\u001b[2J'
    await store.write(async (tx) => {
      const id = await make(tx, { title: '![x](y)\n# <b>*hi*</b>', body: nasty, assignee: '_x_' })
      await comment(tx, id, '**root**\n# Boss', nasty)
      await complete(tx, id, { summary: nasty, metadata: { text: nasty } })
    })
    const text = await markdown(store)
    expect(outsideFences(text)).not.toMatch(/^# (?!Board Atlas)|<b>|<script>|!\[|\*\*root/m)
    expect(text).toContain('\\!\\[x\\](y) \\# \\<b\\>\\*hi\\*\\</b\\>')
    expect(text).not.toContain('\u001b')
  })

  test('in a folder each task has its own page, and one page names them all', async () => {
    const store = await open()
    const [one, odd] = await store.write(async (tx) => {
      const first = await make(tx)
      const second = await make(tx)
      await tx.run(sql`update tasks set id = '../../etc' where id = ${second}`)
      return [first, '..%2F..%2Fetc']
    })
    const written = await collected(fromSnapshot(store, (reader) => sheets(reader, facts)))
    expect(written.map(({ name }) => name).sort()).toEqual([one, odd, 'atlas'].sort())
    const index = written.at(-1)?.text
    expect(index).toContain(`- [${one}](${one}.md) work`)
    expect(index).toContain('(..%252F..%252Fetc.md)')
  })
})

function outsideFences(text: string): string {
  let ticks: string | undefined
  return text
    .split('\n')
    .filter((line) => {
      const run = /^`{3,}/.exec(line)?.[0]
      if (ticks === undefined) {
        ticks = run
        return run === undefined
      }
      if (line === ticks) ticks = undefined
      return false
    })
    .join('\n')
}

test('what is printed is JSON that says exactly what is on the board', async () => {
  const home = await newHome()
  const body = 'red \u001b[31m, back \u202e, line\r\nnext \u2028 \u007f'
  await home.board.store.write((tx) => make(tx, { body }))
  const { out } = await home.runOn({ live: true }, 'export')
  const [board, task] = out.split('\n').map((line) => JSON.parse(line))
  expect(board).toMatchObject({ type: 'board', slug: 'default' })
  expect(task).toMatchObject({ type: 'task', body })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the claim
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/)
})

test('a file is written once, for its owner alone', async () => {
  const home = await newHome()
  await home.create('one')
  const path = join(newFolder(), 'board.jsonl')
  expect(await home.run('export', '--out', path)).toMatchObject({ code: 0 })
  const { out } = await home.runOn({ live: true }, 'export')
  expect(readFileSync(path, 'utf8').trimEnd()).toBe(out)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const again = await home.run('export', '--out', path)
  expect(again.code).toBe(1)
  expect(again.err).toBe(
    `${path} is there already and was left as it is: name a new file, or a folder`,
  )
  const nowhere = await home.run('export', '--out', join(path, 'in', 'a', 'file'))
  expect(nowhere.err).toMatch(/cannot be written/)
  const missing = join(newFolder(), 'away', 'board.jsonl')
  expect((await home.run('export', '--out', missing)).err).toBe(
    `${missing} cannot be written: make its folder first`,
  )
})

test('a file that somebody puts there meanwhile is left as it is', async () => {
  const folder = newFolder()
  const path = join(folder, 'board.jsonl')
  async function* texts() {
    yield 'ours\n'
    writeFileSync(path, 'theirs\n')
  }
  await expect(writeWhole(path, texts())).rejects.toThrow('is there already')
  expect(readFileSync(path, 'utf8')).toBe('theirs\n')
  expect(readdirSync(folder)).toEqual(['board.jsonl'])
})

test('an export that fails half-way leaves the earlier one as it was', async () => {
  const folder = newFolder()
  const path = join(folder, 'default.jsonl')
  async function* texts(fails: boolean) {
    yield 'first\n'
    if (fails) throw new Error('no more')
    yield 'last\n'
  }
  await replaceWhole(path, texts(false))
  await expect(replaceWhole(path, texts(true))).rejects.toThrow('no more')
  expect(readFileSync(path, 'utf8')).toBe('first\nlast\n')
  expect(readdirSync(folder)).toEqual(['default.jsonl'])
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a dry run tells what an export has and leaves out, and so does an export', async () => {
  const home = await newHome()
  const id = await home.create('one')
  await home.run('complete', id, '--summary', 'so')
  await home.board.store.write((tx) =>
    hold(tx, { scope: 'board', key: 'default', until: null, reason: 'holiday', by: 'ann' }),
  )
  const theirs = new DatabaseSync(home.board.database)
  theirs.exec(
    'create table task_attachments (task_id text); insert into task_attachments values (1)',
  )
  theirs.close()
  const counts = '1 task, 0 links, 0 comments, 1 run'
  const left = 'Left out: kanban_holds (1 row), task_attachments (1 row)'
  const says = async (...argv: string[]) => (await home.run('export', ...argv)).out.split('\n')
  expect(await says('--dry-run')).toEqual([
    `Would export ${counts}, 2 events, 0 subscriptions of default`,
    left,
  ])
  expect(await says('--dry-run', '--format', 'markdown')).toEqual([
    `Would export ${counts} of default`,
    left.replace('kanban_holds', 'task_events (2 rows), kanban_holds'),
  ])
  const out = join(newFolder(), 'board.jsonl')
  expect(await says('--out', out)).toEqual([
    `Exported ${counts}, 2 events, 0 subscriptions of default to ${out}`,
    left,
  ])
  const printed = await home.runOn({ live: true }, 'export')
  expect(printed.out.trimEnd()).toBe(readFileSync(out, 'utf8').trimEnd())
  expect(printed.err).toBe(left)
})

test('in a folder an earlier export is replaced, and nothing else', async () => {
  const home = await newHome()
  const id = await home.create('one')
  const folder = newFolder()
  writeFileSync(join(folder, 'README.md'), 'mine')
  for (const format of ['jsonl', 'markdown', 'jsonl', 'markdown']) {
    const said = await home.run('export', '--format', format, '--out', folder)
    expect(said).toMatchObject({ code: 0, err: '' })
  }
  expect(readdirSync(folder).sort()).toEqual(
    ['README.md', 'default.jsonl', 'default.md', `${id}.md`].sort(),
  )
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('mine')
})

test('stopped half-way, it says that it is not whole', async () => {
  const home = await newHome()
  await home.create('one')
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const { code, err } = await home.runOn(
    { live: true, context: { signal: stop.signal }, onOut: () => stop.abort() },
    'export',
  )
  expect({ code, err }).toEqual({
    code: 1,
    err: 'stopped: what has been written is not the whole board',
  })
})
