/** `/kanban …`: what a chat or an agent gets for a line of text. */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { grammarOf } from '../../src/operations/command/grammar.ts'
import type { Chat } from '../../src/operations/operation.ts'
import { allOperations } from '../../src/operations/registry.ts'
import { slash } from '../../src/operations/slash.ts'
import { newHome } from './home.ts'

/** A home, somebody at a chat in it, and what the chat is answered. */
async function newChat() {
  const home = await newHome()
  const chat: Chat & { folder?: string | undefined } = {
    platform: 'telegram',
    chat_id: '12345',
    thread_id: '7',
    pin: async (folder) => {
      chat.folder = folder
    },
  }
  return {
    ...home,
    chat,
    /** From the chat. */
    say: (text: string) => slash(text, home.context({ actor: 'ann', chat })),
    /** From an agent that somebody uses at the machine. */
    type: (text: string) => slash(text, home.context({ actor: 'ann' })),
  }
}

test('a verb answers as on the command line, in the name of who asks', async () => {
  const { say, json } = await newChat()
  const made = await say('create "Compare the \'three\'" --assignee writer --tenant acme')
  const [, id = ''] = /^Created (t_\w{8}) {2}\(ready, assignee=writer\)\n/.exec(made) ?? []
  expect(await say('list')).toBe(`${id}  ready  writer  [acme]  Compare the 'three'`)
  expect(await say(`comment ${id} it's`)).toContain('a quote stays open')
  expect(await say(`comment ${id} $(touch x) > y | z; \\"q\\" *`)).toBe(`Commented on ${id}`)
  const { task, comments } = await json('show', id)
  expect(task.created_by).toBe('ann')
  expect(comments).toMatchObject([{ author: 'ann', body: '$(touch x) > y | z; "q" *' }])
})

test('nothing said is answered with a help of its own, and help with the whole', async () => {
  const { say } = await newChat()
  expect(await say('  ')).toMatch(/^\/kanban <command>: .*\n.*\/kanban help names all/s)
  expect(await say('help')).toMatch(/^Usage: \/kanban <command> \[flags\]/)
  expect(await say('create --help')).toMatch(/^Usage: \/kanban create <title> \[flags\]/)
})

test('what was not understood is answered with the usage of the verb, once', async () => {
  const { say, create } = await newChat()
  expect(await say('create')).toBe('<title> is missing: /kanban create <title> [flags]')
  expect(await say('create x --prioritty 3')).toBe(
    'unknown flag --prioritty: did you mean --priority?\nUsage: /kanban create <title> [flags]',
  )
  expect(await say('crate x')).toBe(
    'unknown command "crate": did you mean create?\n/kanban help names all commands',
  )
  expect(await say('boards')).toContain('boards needs one of list, create')
  const id = await create('x')
  expect(await say(`reopen ${id}`)).toMatch(/^t_\w+ cannot be reopened: it is ready[^\n]*$/)
})

test('what goes on for ever is answered with a hint', async () => {
  const { say, create } = await newChat()
  const id = await create('x')
  for (const text of ['watch', `tail ${id}`, `log ${id} -f`, 'export', 'daemon --force', 'mcp']) {
    expect(await say(text), text).toMatch(/^[^\n]* cannot be shown here: [^\n]*terminal$/)
  }
})

test('what prints nothing is answered all the same', async () => {
  const { say, create } = await newChat()
  expect(await say('list')).toBe('No tasks.')
  expect(await say(`log ${await create('x')}`)).toContain('has no log here')
})

test('no file and no stdin is read or written, by whoever types', async () => {
  const { say, type, root, create, json } = await newChat()
  const id = await create('x')
  writeFileSync(join(root, 'secret'), 'secret')
  for (const ask of [say, type]) {
    expect(await ask('create x --body -')).toMatch(/^- stands for stdin, which there is none of/)
    expect(await ask(`comment ${id} -`)).toMatch(/^- stands for stdin/)
    expect(await ask(`export --out ${root}/out`)).toMatch(/^export --out is not done from \/kanban/)
    expect(await ask(`import hermes ${root}/secret`)).toMatch(/^import hermes is not done from/)
  }
  await type(`comment ${id} < ${root}/secret`)
  await type(`comment ${id} @${root}/secret`)
  expect((await json('show', id)).comments.map(({ body }: { body: string }) => body)).toEqual([
    `< ${root}/secret`,
    `@${root}/secret`,
  ])
  expect(existsSync(join(root, 'out'))).toBe(false)
})

test('a chat deletes nothing and no board, and whoever is at the machine may', async () => {
  const { say, type, create, run, json } = await newChat()
  const id = await create('x')
  await run('boards', 'create', 'other')
  for (const text of [
    `archive ${id} --rm`,
    'boards rm other',
    'boards set-workdir other /srv/x',
    'boards create third --workdir /srv/x',
    'gc',
  ]) {
    expect(await say(text), text).toMatch(/ is not done from a chat: nothing was changed; /)
  }
  expect(await say(`archive ${id}`)).toBe(`Archived ${id}`)
  expect(await json('boards', 'list')).toHaveLength(2)
  expect(await type(`archive ${id} --rm`)).toBe(`Deleted ${id}`)
  expect(await type('boards rm other')).toMatch(/^Archived board other/)
})

test('a chat is told about tasks itself, and tells no other', async () => {
  const { say, create, run, json } = await newChat()
  const id = await create('x')
  await run('notify-subscribe', id, '--platform', 'slack', '--chat-id', 'C1')
  expect(await say(`notify-subscribe ${id}`)).toBe(`Subscribed ${id} to telegram 12345 7`)
  expect(await say(`notify-subscribe ${id} --chat-id 9`)).toContain('only what it is told itself')
  expect(await say(`notify-unsubscribe ${id} --platform slack --chat-id C1`)).toContain('itself')
  expect(await say('notify-list')).toMatch(/^t_\w+ {2}telegram 12345 7 {2}after event \d+$/)
  expect(await say(`notify-unsubscribe ${id}`)).toBe(`Unsubscribed ${id} from telegram 12345 7`)
  expect(await json('notify-list')).toMatchObject([{ platform: 'slack' }])
})

test('whoever creates a task in a chat is told there what becomes of it, and is told so', async () => {
  const { say, type, json, run } = await newChat()
  await run('boards', 'create', 'website')
  const said = await say('create x --board website')
  const [, id = ''] = /^Created (t_\w{8}) .*\nWhat becomes of it is told here: /.exec(said) ?? []
  expect(await json('notify-list', '--board', 'website')).toMatchObject([
    { task_id: id, platform: 'telegram', chat_id: '12345', thread_id: '7', user_id: 'ann' },
  ])
  JSON.parse(await say('create x --json'))
  await type('create x')
  expect(await json('notify-list')).toEqual([])
})

test('nobody in a chat speaks under another name', async () => {
  const { say, type, create, json } = await newChat()
  const id = await create('x')
  expect(await say(`comment ${id} hi --author bob`)).toBe(
    'you are ann here: leave the name bob out',
  )
  await say(`-p writer comment ${id} one`)
  await type(`comment ${id} two --author bob`)
  const { comments } = await json('show', id)
  expect(comments.map(({ author }: { author: string }) => author)).toEqual(['ann', 'bob'])
  expect(await say('-p Writer list --mine')).toBe('No tasks.')
})

test('tasks from a chat are worked on in the folder that is pinned there, and in no other', async () => {
  const { say, type, root, json, chat } = await newChat()
  const folder = join(root, 'with space')
  mkdirSync(folder)
  const create = async (flags = '') => JSON.parse(await say(`create x ${flags} --json`))
  expect(await create()).toMatchObject({ workspace_kind: 'scratch', workspace_path: null })
  expect(await say('here')).toContain('No folder is pinned here')
  expect(await say('here relative')).toContain('is no folder of the machine')
  expect(await say(`here ${root}/gone`)).toContain('is no folder of the machine')
  expect(await say(`here ${folder}`)).toContain('one folder')
  expect(await say(`here "${folder}"`)).toBe(`Tasks from here are worked on in ${folder}`)
  expect(await say('here')).toBe(`Tasks from here are worked on in ${folder}`)
  expect(await create()).toMatchObject({ workspace_kind: 'dir', workspace_path: folder })
  expect(await create('--workspace worktree')).toMatchObject({
    workspace_kind: 'worktree',
    workspace_path: folder,
  })
  expect(await create(`--workspace "dir:${folder}"`)).toMatchObject({ workspace_path: folder })
  for (const where of ['dir:/etc', `dir:${root}`, 'worktree:/srv/x']) {
    expect(await say(`create x --workspace ${where}`)).toContain('no folder but the one')
  }
  expect(await say('here off')).toBe('No folder is pinned here any more')
  expect(chat.folder).toBeUndefined()
  expect(await say(`create x --workspace dir:${root}`)).toContain('(none is)')
  expect(await type('here')).toContain('here is for chats')
  expect(await json('list')).toHaveLength(4)
})

test('another board is opened for the one answer', async () => {
  const { say, run, json } = await newChat()
  await run('boards', 'create', 'website')
  expect(await say('--board website create x')).toMatch(/^Created/)
  expect(await say('list --board website')).toMatch(/^Board website\nt_/)
  expect(await say('list --board nope')).toContain('there is no board nope')
  expect(await json('list')).toEqual([])
})

test('whatever is typed, the answer is a text, and the folder is as it was', {
  timeout: 60_000,
}, async () => {
  const { say, type, create, root } = await newChat()
  const id = await create('x')
  // A pass would start workers, a board be made as a folder: those have tests of their own.
  const harmless = (await allOperations()).filter(
    ({ name }) => name !== 'dispatch' && !name.startsWith('boards'),
  )
  const words = harmless
    .map(grammarOf)
    .flatMap(({ path, flags }) => [path.join(' '), ...flags.map(({ long }) => long)])
  const word = fc.oneof(
    fc.constantFrom(
      ...words,
      id,
      id.slice(0, 4),
      'none',
      '-',
      '--',
      '=',
      '-5',
      '"',
      "'",
      '\\',
      '@',
      '{}',
    ),
    fc.string({ maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
  )
  const line = fc.oneof(
    fc.array(word, { maxLength: 7 }).map((all) => all.join(' ')),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )
  const before = readdirSync(root)
  await fc.assert(
    fc.asyncProperty(line, fc.boolean(), async (text, inChat) => {
      const said = await (inChat ? say(text) : type(text))
      expect(said.trim()).not.toBe('')
      expect(said).not.toMatch(/^unexpected:/m)
    }),
    { numRuns: 500 },
  )
  const made = readdirSync(root).filter((name) => !before.includes(name))
  expect(
    made.filter((name) => !['kanban', 'kanban.db-wal', 'kanban.db-shm'].includes(name)),
  ).toEqual([])
})
