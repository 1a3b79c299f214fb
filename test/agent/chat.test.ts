/** The chat, in a real terminal and without one. */

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isAlive } from '../../src/lib/process.ts'
import { modes } from '../endpoint/modes.ts'
import { call, inOrder, type Script } from '../endpoint/scenario.ts'
import { appears, place, type Setting } from './agent.ts'
import { keys, terminal } from './terminal.ts'

/** Says what it was told. */
const echo: Script = ({ said }) => {
  const last = said.at(-1)
  return { text: `You said ${last?.who === 'user' ? last.text : 'nothing'}.` }
}

async function open(script: Script, setting: Setting = {}, env: Record<string, string> = {}) {
  const at = await place(script, setting)
  const screen = terminal(at.home, at.folder, ['-p', 'writer'], env)
  await screen.sees('> ')
  return { ...at, ...screen, screen }
}

describe('in a terminal', () => {
  test('an answer streams, and the next message goes on with the conversation', async () => {
    const { type, sees, asked, ended, text } = await open((turn) => ({
      ...(echo(turn) as object),
      pause: 20,
    }))
    expect(text()).toContain('writer · local/m · /help, Ctrl-D leaves')
    type(`hello${keys.enter}`)
    await sees('You said hello.')
    await sees('> ')
    type(`again${keys.enter}`)
    await sees('You said again.')
    expect(asked[1]?.turn.said).toMatchObject([
      { text: 'hello' },
      { text: 'You said hello.' },
      { text: 'again' },
    ])
    type(keys.ctrlD)
    expect(await ended).toBe(0)
  })

  test('tools are shown as they are used', async () => {
    const script = inOrder(call('terminal', { command: 'echo tea; exit 3' }), {
      text: 'It failed.',
    })
    const { type, sees } = await open(script)
    type(`make tea${keys.enter}`)
    await sees('→ terminal: echo tea; exit 3')
    await sees('✗ terminal: exit code 3')
    await sees('It failed.')
  })

  test('the board answers while a turn is going on, and what is typed meanwhile stays', async () => {
    const { type, sees, home, until, asked } = await open((turn) =>
      turn.earlier === 0 ? { text: 'a slow word. '.repeat(40), pause: 400 } : echo(turn),
    )
    type(`go${keys.enter}`)
    await until(1)
    const id = await home.create('a card', '--assignee', 'writer')
    type('/kanban list')
    await sees('a slow word. a slow word.')
    await sees('/kanban list')
    type(keys.enter)
    await sees(id)
    type(`/kanban comment ${id} "from the chat"${keys.enter}`)
    await sees('Commented')
    expect((await home.json('show', id)).comments).toMatchObject([{ body: 'from the chat' }])
    type(`next${keys.enter}`)
    await sees('You said next.')
    expect(asked).toHaveLength(2)
  })

  test('Ctrl-C stops a turn and all it started, a second one leaves', async () => {
    const script: Script = (turn) =>
      turn.earlier === 0 ? call('terminal', { command: 'echo $$; exec sleep 60' }) : echo(turn)
    const { type, sees, ended, asked } = await open(script)
    type(`go${keys.enter}`)
    await sees('→ terminal')
    type(keys.ctrlC)
    await sees('Stopped.')
    type(`still there?${keys.enter}`)
    await sees('You said still there?.')
    // A call without a result is refused by every provider.
    expect(asked[1]?.turn.said).toContainEqual({
      who: 'tool',
      tool: 'terminal',
      text: 'stopped before it was done',
    })
    // Neither a stopped answer nor a line that was thrown away is the first half of leaving.
    type(`half a line${keys.ctrlC}`)
    type(`and another${keys.ctrlC}`)
    type(`/help${keys.enter}`)
    await sees('/help               this')
    type(keys.ctrlC)
    await sees('Ctrl-C again, or Ctrl-D, leaves.')
    type(keys.ctrlC)
    expect(await ended).toBe(0)
  })

  test('leaving does not wait for an answer, and ends what was started for it', async () => {
    const command = 'echo $$ > draft; mv draft pid; exec sleep 60'
    const { type, ended, folder } = await open(inOrder(call('terminal', { command })))
    type(`go${keys.enter}`)
    await appears(folder, 'pid')
    type(keys.ctrlD)
    expect(await ended).toBe(0)
    expect(isAlive(Number(await readFile(join(folder, 'pid'), 'utf8')), null)).toBe(false)
  })

  test('Tab completes commands, verbs of the board, flags, tasks and profiles', async () => {
    const at = await place(echo)
    const id = await at.home.create('a card')
    const { type, sees } = terminal(at.home, at.folder, ['-p', 'writer'])
    await sees('> ')
    for (const [typed, becomes] of [
      ['/ka', '/kanban '],
      ['/kanban unbl', '/kanban unblock '],
      ['/kanban boards sw', '/kanban boards switch '],
      [`/kanban show ${id.slice(0, 5)}`, `/kanban show ${id} `],
      ['/kanban list --ass', '/kanban list --assignee '],
      ['/kanban list --assignee wr', '/kanban list --assignee writer '],
      ['/kanban list --status bl', '/kanban list --status blocked '],
    ]) {
      type(`${typed}${keys.tab}`)
      await sees(becomes ?? '')
      type('\x15')
    }
  })

  test('what was typed comes back with the arrow key, also the next time', async () => {
    const { type, sees, home, folder, ended } = await open(echo)
    type(`remember me${keys.enter}`)
    await sees('You said remember me.')
    type(keys.ctrlD)
    await ended
    const file = join(home.root, 'profiles', 'writer', 'chat_history')
    expect(await readFile(file, 'utf8')).toBe('remember me\n')
    const next = terminal(home, folder, ['-p', 'writer'])
    await next.sees('> ')
    next.type(`${keys.up}${keys.enter}`)
    await next.sees('You said remember me.')
  })

  test('a pasted text of several lines is one message', async () => {
    const { type, sees, asked } = await open(() => ({ text: 'Read.' }))
    type(`one\rtwo\rthree${keys.enter}`)
    await sees('Read.')
    expect(asked[0]?.turn.said).toEqual([{ who: 'user', text: 'one\ntwo\nthree' }])
  })

  test('what a model says is shown and never obeyed', async () => {
    const text = 'clear \x1b[2J title \x1b]0;mine\x07 hidden \x1b[8m colour \x9b31m end'
    const { type, sees, raw } = await open(() => ({ text }))
    type(`go${keys.enter}`)
    await sees('␛[2J')
    await sees('end')
    const shown = raw().slice(raw().indexOf('clear'))
    expect(shown).not.toContain('\x1b[2J')
    expect(shown).not.toContain('\x1b]0;')
    expect(shown).not.toContain('\x9b')
  })

  test('Markdown is coloured where there is colour, and plain where there is none', async () => {
    const answer: Script = () => ({ text: '## Tea\n\n- **green** or `black`\n\nEnd.' })
    const colourful = await open(answer)
    colourful.type(`go${keys.enter}`)
    await colourful.sees('End.')
    expect(colourful.raw()).toContain('\x1b[1mgreen\x1b[22m')
    expect(colourful.text()).toContain('• green or black')
    const plain = await open(answer, {}, { NO_COLOR: '1' })
    plain.type(`go${keys.enter}`)
    await plain.sees('End.')
    expect(plain.text()).toContain('- **green** or `black`')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what this is about
    expect(plain.raw()).not.toMatch(/\x1b\[\d+m/)
  })

  test('a provider that refuses ends the turn and not the conversation', async () => {
    const { type, sees } = await open((turn) =>
      turn.earlier === 0 ? { trouble: 'login' } : echo(turn),
    )
    type(`hello${keys.enter}`)
    await sees('Incorrect API key provided')
    await sees('> ')
    type(`/new${keys.enter}`)
    await sees('A new conversation.')
    type(`hello${keys.enter}`)
    await sees('You said hello.')
  })

  test('/help names the commands, /exit leaves, and a command that is none says so', async () => {
    const { type, sees, ended } = await open(echo)
    type(`/help${keys.enter}`)
    await sees('/kanban <command>')
    type(`/hlep${keys.enter}`)
    await sees('There is no command /hlep')
    type(`/exit${keys.enter}`)
    expect(await ended).toBe(0)
  })
})

describe('without a terminal', () => {
  test('each line of input is a message or a command, answers are plain text', async () => {
    const { start } = await place(echo)
    const { code, out, err } = await start(['chat'], 'hello\n/kanban list\n\nbye\n').ended
    expect({ code, out, err }).toEqual({
      code: 0,
      out: 'You said hello.\nNo tasks.\nYou said bye.\n',
      err: '',
    })
  })

  test('one question has its answer on stdout and all else on stderr', async () => {
    const script = inOrder(call('terminal', { command: 'echo tea' }), { text: 'Tea \x1b[2Jit is.' })
    const { start } = await place(script)
    const { code, out, err } = await start(['chat', '-q', 'what is there?']).ended
    expect({ code, out }).toEqual({ code: 0, out: 'Tea ␛[2Jit is.\n' })
    expect(err).toContain('→ terminal: echo tea')
  })

  test.each([
    ['a quota', modes.usage, 75],
    ['a key that is refused', modes['401'], 1],
    ['a model that never ends', () => call('search_files'), 1],
  ] as const)('%s is an exit code and a sentence', async (_, script, code) => {
    const { start } = await place(script, { config: { max_steps: 6 } })
    const ended = await start(['chat', '-q', 'go']).ended
    expect(ended.code).toBe(code)
    expect(ended.err).toMatch(/^hermes: .+\n$/m)
  })

  test('a prompt is read from stdin, and an empty one is a mistake', async () => {
    const { start } = await place(echo)
    expect(await start(['chat', '-q', '-'], 'from a pipe').ended).toMatchObject({
      out: 'You said from a pipe.\n',
    })
    expect(await start(['chat', '-q', '-'], ' \n').ended).toMatchObject({
      code: 2,
      err: expect.stringContaining('the prompt is empty'),
    })
  })
})
