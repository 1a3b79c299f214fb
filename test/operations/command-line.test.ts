/** The conventions of the command line: where things are printed, exit codes, what is refused and how. */

import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from '../../src/model/parse.ts'
import { assign } from '../../src/operations/assign.ts'
import { commands } from '../../src/operations/command/find.ts'
import { grammarOf, pathOf } from '../../src/operations/command/grammar.ts'
import { complete } from '../../src/operations/complete.ts'
import { create } from '../../src/operations/create.ts'
import { newHome, plain } from './home.ts'

test('every command has help with its usage, and the overview names every command', async () => {
  const { run } = await newHome()
  const { out } = await run('--help')
  for (const operation of await commands()) {
    const path = pathOf(operation)
    const command = path.join(' ')
    const [first, second] = path
    expect(out).toMatch(new RegExp(`^  ${first}${second ? ` … .* ${second}(,|$)` : '\\b'}`, 'm'))
    const own = await run(...path, '--help')
    expect(own.code).toBe(0)
    expect(own.out).toMatch(new RegExp(`^Usage: hermes kanban ${command}\\b`))
    expect((await run('help', ...path)).out).toBe(own.out)
  }
})

test('help reads well', async () => {
  const { run } = await newHome()
  expect((await run()).out).toMatchSnapshot()
  expect((await run('boards', '--help')).out).toMatchSnapshot('boards')
  for (const operation of await commands()) {
    const path = pathOf(operation)
    expect((await run(...path, '--help')).out).toMatchSnapshot(path.join(' '))
  }
})

test('every field on a command line says what it is, and every verb that takes one has an example', async () => {
  for (const operation of await commands()) {
    const { command, input, name } = operation
    for (const field of Object.keys({ ...command?.positional, ...command?.flags })) {
      expect(Object.keys(input.shape), name).toContain(field)
    }
    const { places, flags } = grammarOf(operation)
    for (const { says } of [...places, ...flags]) expect(says, name).not.toBe('')
    if (places.length > 0) expect(command?.examples, name).not.toBeUndefined()
  }
})

test('what an input is read as is read as itself, wherever it is sent on to', () => {
  const once = parse(
    create.input,
    {
      ...{ title: ' x ', assignee: 'Writer', parents: 't_1', skills: [' a', 'a'] },
      ...{ max_runtime_seconds: '1.5h', workspace_kind: 'dir', workspace_path: '/x' },
    },
    'create',
  )
  expect(parse(create.input, once, 'create')).toEqual(once)
  const nobody = parse(assign.input, { task_id: 't_1', assignee: 'none' }, 'assign')
  expect(parse(assign.input, nobody, 'assign')).toEqual({ task_id: 't_1', assignee: null })
  const handoff = parse(complete.input, { metadata: '{"a":[1]}' }, 'complete')
  expect(parse(complete.input, handoff, 'complete')).toEqual({ metadata: { a: [1] } })
})

const usage: [string, string[], string][] = [
  ['a mistyped verb', ['crate', 'x'], 'unknown command "crate": did you mean create?'],
  [
    'a mistyped flag',
    ['create', 'x', '--asignee', 'p'],
    'unknown flag --asignee: did you mean --assignee?',
  ],
  ['a missing title', ['create'], '<title> is missing: hermes kanban create <title> [flags]'],
  ['a title without quotes', ['create', 'two', 'words'], '"words" is too much'],
  ['a flag without its value', ['create', 'x', '--body'], '--body needs a value'],
  ['a flag in place of a value', ['create', 'x', '--body', '--triage'], '--body needs a value'],
  ['a value for a switch', ['create', 'x', '--triage=maybe'], '--triage takes no value'],
  ['a bad duration', ['create', 'x', '--max-runtime', 'soon'], '--max-runtime must be a duration'],
  [
    'a duration of nothing',
    ['create', 'x', '--max-runtime', '0'],
    '--max-runtime must be a duration',
  ],
  ['a bad number', ['create', 'x', '--priority', 'high'], '--priority must be a number'],
  ['a part of a number', ['create', 'x', '--priority', '1.5'], '--priority must be a whole number'],
  [
    'a number out of range',
    ['create', 'x', '--max-retries', '0'],
    '--max-retries must be 1 or more',
  ],
  ['a number below none', ['dispatch', '--max', '-1'], '--max must be 0 or more'],
  [
    'a word that is no choice',
    ['export', '--format', 'xml'],
    '--format must be one of jsonl, markdown',
  ],
  ['a bad workspace', ['create', 'x', '--workspace', 'foo'], '"foo" is no workspace'],
  ['a comma in a skill', ['create', 'x', '--skill', 'a,b'], '--skill must have no comma'],
  ['bad JSON', ['complete', 't_gone', '--metadata', '{'], '--metadata must be a JSON object'],
  [
    'JSON that is no object',
    ['complete', 't_gone', '--metadata', '[]'],
    '--metadata must be a JSON object',
  ],
  [
    'one summary for several tasks',
    ['complete', 't_gone', 't_lost', '--summary', 's'],
    '--summary cannot be shared',
  ],
  ['a board with a bad name', ['list', '--board', '../x'], 'is no name for a board'],
  ['an edit of nothing', ['edit', 'A'], 'nothing to change on'],
  ['bad JSON in an edit', ['edit', 'A', '--metadata', '['], '--metadata must be a JSON object'],
  [
    'a move to a status of its own verb',
    ['move', 'A', 'done'],
    'status must be triage, todo or ready; complete is what makes a task done',
  ],
  ['a group without its verb', ['boards'], 'boards needs one of list, create, show, switch'],
  ['a mistyped verb of a group', ['boards', 'lsit'], 'unknown command "lsit": did you mean list?'],
  ['a board that is no slug', ['boards', 'create', 'a.b'], '"a.b" is no name for a board'],
  ['a name of more boards', ['boards', 'switch', 'a', 'b'], '"b" is too much'],
  [
    'a relative repository',
    ['boards', 'set-workdir', 'default', 'src'],
    'cannot run boards set-workdir: path must be an absolute path',
  ],
  [
    'a relative repository of a new board',
    ['boards', 'create', 'a', '--workdir', 'src'],
    '--workdir',
  ],
  ['a subscription of nobody', ['notify-subscribe', 'A'], 'say which platform and which chat'],
  ['mine of nobody', ['list', '--mine'], '-p <profile>'],
  ['no kind at all', ['watch', '--kinds', ','], '--kinds must name one or more'],
  ['an unknown kind', ['watch', '--kinds', 'completed,foo'], '--kinds has "foo"'],
]

const refused: [string, string[], string][] = [
  ['a blank title', ['create', '  '], 'title must not be blank'],
  ['a blank comment', ['comment', 't_gone', ' '], 'text must not be blank'],
  [
    'unknown parents',
    ['create', 'x', '--parent', 't_gone', '--parent', 't_lost'],
    'these parents do not exist: t_gone, t_lost',
  ],
  ['an unknown id', ['show', 't_gone'], 'there is no task t_gone on this board'],
  ['a mistyped status', ['list', '--status', 'redy'], 'did you mean ready?'],
  ['an unknown status', ['list', '--status', 'quux'], 'use one of triage, todo'],
  ['an unknown board', ['list', '--board', 'nope'], 'there is no board nope'],
  ['a link to itself', ['link', 'A', 'A'], 'cannot wait for itself'],
  ['a link that is not there', ['unlink', 'A', 'B'], 'there is no such link'],
  ['a circle', ['link', 'B', 'A'], 'would close a circle'],
  ['taking back what nobody has', ['reclaim', 'A'], 'cannot be reclaimed: it is ready'],
  ['a title of nothing', ['edit', 'A', '--title', ' '], '--title must not be blank'],
  ['a result of what is not done', ['edit', 'A', '--result', 'r'], 'it is ready, not done'],
  ['reopening what is not finished', ['reopen', 'A'], 'cannot be reopened: it is ready'],
  ['moving it to where it is', ['move', 'A', 'ready'], 'cannot be moved to ready: it is ready'],
  ['a board that is there', ['boards', 'create', 'default'], 'there is a board default already'],
  ['a board that is not', ['boards', 'switch', 'nope'], 'there is no board nope'],
  ['removing default', ['boards', 'rm', 'default'], 'cannot be removed'],
  [
    'no subscription',
    ['notify-unsubscribe', 'A', '--platform', 'x', '--chat-id', '1'],
    'is not told',
  ],
  ['unblocking what is not blocked', ['unblock', 'A'], 'cannot be unblocked: it is ready'],
]

for (const [code, cases] of [
  [2, usage],
  [1, refused],
] as const) {
  for (const [what, argv, says] of cases) {
    test(`${what} is answered with one sentence and exit ${code}`, async () => {
      const { run, create, json } = await newHome()
      const a = await create('a')
      const b = await create('b', ...(what === 'a circle' ? ['--parent', a] : []))
      const ids: Readonly<Record<string, string>> = { A: a, B: b }
      const before = await json('list')
      const said = await run(...argv.map((word) => ids[word] ?? word))
      expect(said).toMatchObject({ code, out: '', err: expect.stringContaining(says) })
      expect(said.err.split('\n')).toHaveLength(1)
      expect(await json('list')).toEqual(before)
    })
  }
}

test('all faults of an input are reported together', async () => {
  const { run } = await newHome()
  const faulty = [' ', '--max-retries', '0', '--max-runtime', 'x']
  const { err } = await run('create', ...faulty)
  expect(err).toMatch(/title .*; --max-runtime .*; --max-retries /)
  expect(await run('create', ...faulty, '--workspace', 'foo')).toEqual({
    code: 2,
    out: '',
    err: expect.stringMatching(
      /^"foo" is no workspace: .*; cannot create: title .*; --max-retries /,
    ),
  })
})

test('an id that begins several is refused with those it begins', async () => {
  const { run, create } = await newHome()
  const ids = [await create('a'), await create('b')]
  const { code, err } = await run('show', 't_')
  expect(code).toBe(1)
  for (const id of ids) expect(err).toContain(id)
})

test('a bulk verb goes on after a failed id, reports each and exits 1', async () => {
  const { run, create } = await newHome()
  const [a, b] = [await create('a'), await create('b')]
  const said = await run('archive', a, 't_nope', b)
  expect(said).toEqual({
    code: 1,
    out: `Archived ${a}\nArchived ${b}`,
    err: 'there is no task t_nope on this board',
  })
  const [c, d] = [await create('c'), await create('d')]
  const { out } = await run('block', c, 'why', '--ids', d, c)
  expect(out).toBe(`Blocked ${c}: why\nBlocked ${d}: why`)
})

test('flags of every command stand before or after the verb', async () => {
  const { run } = await newHome()
  for (const argv of [
    ['--board', 'nope', 'list'],
    ['list', '--board', 'nope'],
    ['list', '--board=nope'],
  ]) {
    expect((await run(...argv)).err).toContain('there is no board nope')
  }
})

test('what comes after -- is text', async () => {
  const { run, create, json } = await newHome()
  await run('create', '--', '--not-a-flag')
  expect((await json('list'))[0].title).toBe('--not-a-flag')
  const id = await create('x')
  await run('comment', id, '--', '-1', '--json')
  expect((await json('show', id)).comments[0].body).toBe('-1 --json')
})

test('a number below zero and the line of a list are no flags', async () => {
  const { create, json } = await newHome()
  await create('- tip: 7 -p', '--priority', '-3', '--body', '-5 degrees', '--tenant=- x')
  const [made] = await json('list')
  expect(made).toMatchObject({ title: '- tip: 7 -p', priority: -3, body: '-5 degrees' })
  expect(made.tenant).toBe('- x')
})

const escapes = '\u001b[31mred\u001b]0;title\u0007 \u009b2J \u202egnp.exe'

test('escape sequences in what people wrote never reach the terminal', async () => {
  const { run, runOn, create, board, root } = await newHome()
  const id = await create(
    `${escapes}\nsecond line`,
    '--body',
    escapes,
    '--tenant',
    escapes.slice(0, 8),
  )
  await run('comment', id, escapes, '--author', escapes)
  await run(
    'complete',
    id,
    '--summary',
    escapes,
    '--metadata',
    JSON.stringify({ [escapes]: escapes }),
  )
  await run('block', escapes)
  writeFileSync(join(board.logs.startsWith(root) ? root : '', `${id}.log`), escapes)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/
  for (const argv of [
    ['show', id],
    ['show', id, '--json'],
    ['list', '--archived'],
    ['list', '--json'],
    ['runs', id],
    ['context', id],
    ['show', escapes],
  ]) {
    const { out, err } = await run(...argv)
    expect(out + err, argv.join(' ')).not.toMatch(obeyed)
  }
  const coloured = await runOn({ style: { ...plain, colour: true, width: 60 } }, 'list')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
  expect(coloured.out.replace(/\u001b\[\d+m/g, '')).not.toMatch(obeyed)
})

test('JSON carries the text as it was written', async () => {
  const { json, create } = await newHome()
  const id = await create(escapes.replace('\u001b', ''), '--body', escapes)
  expect((await json('show', id)).task.body).toBe(escapes)
})

test('a terminal gets icons, colour and lines that fit; a pipe gets none', async () => {
  const { run, runOn, create } = await newHome()
  await create('日本語のとても長いタイトル'.repeat(8), '--assignee', 'p')
  const style = { ...plain, width: 60 }
  expect((await runOn({ style }, 'list')).out).toMatch(/^◎ .*…$/)
  expect((await runOn({ style: { ...style, colour: true } }, 'list')).out).toContain('\u001b[')
  const { out } = await run('list')
  expect(out).toMatch(/^t_/)
  expect(out).not.toContain('\u001b')
})

test('a name that is long leaves room for titles on a terminal, and is whole in a pipe', async () => {
  const { run, runOn, create } = await newHome()
  const name = 'a-profile-with-a-name-that-nobody-types'
  await create('the title', '--assignee', name, '--tenant', name)
  const { out } = await runOn({ style: { ...plain, width: 80 } }, 'list')
  expect(out).toMatch(
    /^◎ {2}t_\w{8} {2}ready {2}a-profile-with-…\W+\[a-profile-with-…\] {2}the title$/,
  )
  expect((await run('list')).out).toContain(`${name}  [${name}]  the title`)
})

test('columns stand below one another whatever they hold', async () => {
  const { runOn, create } = await newHome()
  await create('first', '--assignee', '太郎', '--priority', '2')
  await create('second', '--assignee', 'e\u0301ve', '--priority', '1')
  await create('third', '--assignee', 'plain-name')
  const { out } = await runOn({}, 'list')
  expect(out.replace(/t_[0-9a-f]{8}/g, 't_xxxxxxxx').split('\n')).toEqual([
    't_xxxxxxxx  ready  太郎        first',
    't_xxxxxxxx  ready  e\u0301ve         second',
    't_xxxxxxxx  ready  plain-name  third',
  ])
})

test('what an upgrade has taken away is named, in a chat as well', async () => {
  const { runOn } = await newHome()
  const onOut = () => void createRequire(import.meta.url)('./gone.cjs')
  const { code, err } = await runOn({ onOut }, 'list')
  expect(code).toBe(1)
  expect(err).toMatch(
    /^a part of this program is missing \(\.\/gone\.cjs\), because it was replaced/,
  )
})
