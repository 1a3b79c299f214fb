/** Scripts that any agent can be put through, whichever protocol it speaks. */

import { call, inOrder, resultOf, type Script, type Turn } from './scenario.ts'

/** Agents ask for titles and suggestions beside their work: such a request offers no tool of the board. */
function working(script: Script): Script {
  return (turn) =>
    turn.tools.some((name) => name.endsWith('kanban_complete')) ? script(turn) : { text: 'Work' }
}

const complete = call('kanban_complete', { summary: 'It is done, see done.txt.' })

const finish = inOrder(call('kanban_show'), complete, { text: 'The task is complete.' })

/** How often a shell command has been given back, under whatever name the agent has its shell. */
function shellOf({ tools }: Turn): string {
  const names = ['terminal', 'run_shell_command', 'Bash', 'bash', 'exec_command', 'shell_command']
  return [...names, 'local_shell', 'shell'].find((name) => tools.includes(name)) ?? 'shell'
}

/** Parameters of all of them: each agent takes what it knows. */
function shell(turn: Turn, line: string) {
  const tool = shellOf(turn)
  if (tool === 'exec_command') return call(tool, { cmd: line })
  if (tool === 'shell' || tool === 'local_shell') return call(tool, { command: ['sh', '-c', line] })
  return call(tool, { command: line, description: 'work' })
}

/** Waits for the second time that the agent was told to go on; ends at once else. */
function onceReminded(turn: Turn): boolean {
  return turn.said.filter(({ who }) => who === 'user').length > 1
}

const nowhere = '/dev/null'
const wait = `tail -f ${nowhere}`

export const modes = {
  /** show, complete, a closing word */
  ok: working(finish),
  /** Everything that a worker can do, in order. */
  journey: working(
    inOrder(
      call('kanban_show'),
      call('kanban_heartbeat', { note: '1 of 2 files read' }),
      (turn) => {
        const { task } = resultOf(turn, 'kanban_show') as { task: { id: string } }
        return call('kanban_comment', { task_id: task.id, body: 'The second file is empty.' })
      },
      call('kanban_create', { title: 'Fill the second file', assignee: 'default', triage: true }),
      (turn) => {
        const { task_id } = resultOf(turn, 'kanban_create') as { task_id: string }
        return call('kanban_complete', { summary: 'Read both.', created_cards: [task_id] })
      },
      { text: 'The task is complete.' },
    ),
  ),
  /** A question to a person, and completion once it is answered. */
  block: working(
    inOrder(call('kanban_show'), (turn) =>
      JSON.stringify(resultOf(turn, 'kanban_show')).includes('in blue')
        ? complete
        : call('kanban_block', { reason: 'In which colour?' }),
    ),
  ),
  /** Ends its turn without a hand-off, and again when it is reminded. */
  nocomplete: working(inOrder(call('kanban_show'), { text: 'I think that is all.' })),
  /** Ends its turn without a hand-off, and makes up for it when it is reminded. */
  forgetful: working((turn) =>
    onceReminded(turn) ? complete : { text: 'I have thought about it.' },
  ),
  /** Nothing but words. */
  text: () => ({ text: 'Hello, I am a model that is only words.' }),
  /** Never an answer. */
  hang: () => 'hang',
  /** A command that takes a minute, in the shell of the agent. */
  shell: working(
    inOrder(
      call('kanban_show'),
      (turn) => shell(turn, 'echo begun > begun.txt; sleep 60'),
      complete,
    ),
  ),
  /** A command that leaves another one behind it. */
  orphan: working(
    inOrder(
      call('kanban_show'),
      // No sleep: there are agents that refuse to run one.
      (turn) => shell(turn, `${wait} > ${nowhere} 2>&1 & echo begun > begun.txt; ${wait}`),
      complete,
    ),
  ),
  '429': () => ({ trouble: 'rate_limit', retryAfter: 2 }),
  '429once': working((turn) =>
    turn.earlier === 0 ? { trouble: 'rate_limit', retryAfter: 1 } : finish(turn),
  ),
  usage: () => ({ trouble: 'usage_limit', retryAfter: 3600 }),
  /** A limit of which nobody says when it ends. */
  limit: () => ({ trouble: 'usage_limit' }),
  '402': () => ({ trouble: 'no_credit' }),
  '401': () => ({ trouble: 'login' }),
  overloaded: () => ({ trouble: 'overloaded' }),
  /** Arguments that are no JSON, and such as no tool takes; then as it should be. */
  garbage: working(
    inOrder(
      call('kanban_complete', '{"summary": "half a sen'),
      call('kanban_complete', { sumary: 7, nonsense: ['x'] }),
      call('no_such_tool', { a: 1 }),
      complete,
      { text: 'The task is complete.' },
    ),
  ),
  /** As `ok`, a piece at a time. */
  slow: working((turn) => ({ ...(finish(turn) as object), pause: 50 })),
  /** Its first stream breaks off in the middle; then as `ok`. */
  broken: working((turn) =>
    turn.earlier === 0
      ? { text: 'I begin with a long sentence that has no', breaksAfter: 3 }
      : finish(turn),
  ),
  /** Every stream breaks off. */
  breaking: () => ({ text: 'I begin with a long sentence that has no', breaksAfter: 3 }),
  /** Refuses every conversation that has grown, and takes it when it is cut. */
  overflow: working((turn) => {
    if (turn.size > 60_000) return { trouble: 'overflow' }
    const steps = turn.said.filter(({ who }) => who === 'model').length
    if (steps >= 12) return complete
    return shell(turn, `head -c 9000 /dev/zero | tr '\\0' 'x'; echo ' part ${steps}'`)
  }),
  /** The same harmless step for ever. */
  loop: working(() => call('kanban_show')),
} satisfies Record<string, Script>
