/** Tools that come from elsewhere: MCP servers of the profile, a helper, memory and skills of the profile. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { serveTools } from '../../src/mcp/http.ts'
import { operatorToolbox } from '../../src/mcp/operator-toolbox.ts'
import { perform } from '../../src/operations/operation.ts'
import { call, inOrder, resultOf, type Script } from '../endpoint/scenario.ts'
import { place, work } from './agent.ts'

const done = call('kanban_complete', { summary: 's' })

const program = fileURLToPath(new URL('./mcp-program.ts', import.meta.url))

test('a program that serves MCP gives its tools, and sees neither key nor claim', async () => {
  const script: Script = inOrder(
    call('mcp_box_look', { where: 'drawer' }),
    call('mcp_box_fail', {}),
    call('mcp_box_environment', {}),
    done,
  )
  const { work: begin, asked } = await work(script, {
    profile: {
      env: { COLOUR: 'blue' },
      mcp_servers: {
        box: { command: process.execPath, args: [program], env: { TEA: `of \${COLOUR}` } },
      },
    },
    env: { COLOUR: 'blue' },
  })
  expect(await begin().ended).toMatchObject({ code: 0 })
  const said = asked.at(-1)?.turn.said ?? []
  expect(said).toContainEqual({ who: 'tool', tool: 'mcp_box_look', text: 'tea in the drawer' })
  expect(said).toContainEqual({ who: 'tool', tool: 'mcp_box_fail', text: 'it is locked' })
  const environment = said.find((one) => one.who === 'tool' && one.tool === 'mcp_box_environment')
  expect(environment).toMatchObject({ text: expect.stringContaining('"TEA":"of blue"') })
  expect(JSON.stringify(environment)).not.toMatch(/a-key-of-the-model|CLAIM_LOCK/)
})

test('a server at an address gives its tools to whoever has its token', async () => {
  const script = inOrder(call('mcp_board_kanban_stats', {}), { text: 'Counted.' })
  const { start, home, asked } = await place(script, { env: { TOKEN: 'Bearer x' } })
  const { url, headers, close } = await serveTools(await operatorToolbox(), (operation, input) =>
    perform(operation, input, home.context()),
  )
  onTestFinished(close)
  const settings = join(home.root, 'profiles', 'writer', 'config.yaml')
  const server = { url, headers: { Authorization: headers.Authorization } }
  writeFileSync(settings, JSON.stringify({ kanban: { mcp_servers: { board: server } } }))
  const { code, out } = await start(['-p', 'writer', 'chat', '-q', 'how many?']).ended
  expect({ code, out }).toEqual({ code: 0, out: 'Counted.\n' })
  const { turn } = asked.at(-1) ?? {}
  expect(turn && resultOf(turn, 'kanban_stats')).toMatchObject({ ok: true, by_status: {} })
})

test('a server that cannot be used ends a worker with what to mend, and a chat goes on without it', async () => {
  const profile = { mcp_servers: { box: { command: 'no-such-program' } } }
  const { work: begin, start } = await work(() => ({ text: 'Hello.' }), { profile })
  const says = /the MCP server box cannot be used: .*ENOENT; mend kanban.mcp_servers.box/
  const worker = await begin().ended
  expect(worker).toMatchObject({ code: 1, err: expect.stringMatching(says) })
  const chat = await start(['-p', 'writer', 'chat', '-q', 'hello']).ended
  expect(chat).toMatchObject({ code: 0, out: 'Hello.\n', err: expect.stringMatching(says) })
})

test('a helper answers a question with tools of its own, and only its answer comes back', async () => {
  const script: Script = (turn) => {
    if (!turn.tools.includes('delegate')) {
      return inOrder(call('terminal', { command: 'cat tea.txt' }), ({ said }) => ({
        text: `It is ${said.at(-1)?.who === 'tool' ? 'green' : 'unknown'}.`,
      }))(turn)
    }
    return inOrder(call('delegate', { question: 'Which tea is in tea.txt?' }), done)(turn)
  }
  const { work: begin, folder, asked, report } = await work(script)
  writeFileSync(join(folder, 'tea.txt'), 'green')
  expect(await begin().ended).toMatchObject({ code: 0 })
  const helper = asked.filter(({ turn }) => !turn.tools.includes('delegate'))
  expect(helper[0]?.turn.tools).toContain('read_file')
  expect(helper[0]?.turn.tools.join()).not.toContain('kanban')
  expect(asked.at(-1)?.turn.said.at(-1)).toEqual({
    who: 'tool',
    tool: 'delegate',
    text: 'It is green.',
  })
  const total = asked.reduce((sum, { turn }) => sum + Math.ceil(turn.size / 4), 0)
  expect((await report()).usage.input).toBe(total)
})

test('what is kept is remembered by the next conversation of the profile', async () => {
  const script: Script = inOrder(
    call('memory', { action: 'add', entry: 'the build needs Node 24' }),
    done,
  )
  const { work: begin, start, home, asked } = await work(script)
  expect(await begin().ended).toMatchObject({ code: 0 })
  const file = join(home.root, 'profiles', 'writer', 'memory', 'notes.md')
  expect(readFileSync(file, 'utf8')).toBe('- acme: the build needs Node 24\n')
  await start(['-p', 'writer', 'chat', '-q', 'hello']).ended
  expect(asked.at(-1)?.turn.system).toContain('- acme: the build needs Node 24')
})

test('role and skills of the profile, and those that are asked for, stand before a conversation', async () => {
  const { start, home, asked } = await place(() => ({ text: 'Hello.' }), {
    profile: { skills: ['kanban-orchestrator'] },
  })
  const folder = join(home.root, 'profiles', 'writer')
  writeFileSync(join(folder, 'SOUL.md'), 'You like short sentences.')
  mkdirSync(join(home.root, 'skills', 'tea'), { recursive: true })
  writeFileSync(
    join(home.root, 'skills', 'tea', 'SKILL.md'),
    '---\ndescription: making tea\n---\nUse water that has just boiled.',
  )
  await start(['chat', '-p', 'writer', '--skills', 'tea', '-q', 'hello']).ended
  expect(asked[0]?.turn.system).toMatch(
    /"writer".*You like short sentences\..*Skill kanban-orchestrator.*Skill tea.*just boiled/s,
  )
  expect(asked[0]?.turn.tools.join()).not.toContain('kanban')
  const { code, err } = await start(['chat', '--skills', 'coffee', '-q', 'hello']).ended
  expect(code).toBe(1)
  expect(err).toContain('has no skill coffee: there are')
})
