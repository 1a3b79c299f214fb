/** An agent without a model: a worker that uses the tools of `hermes kanban mcp` as its profile would. */

import { text } from 'node:stream/consumers'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

const brief = await text(process.stdin)
const client = new Client({ name: 'worker', version: '1' })
const env = Object.entries(process.env).filter((entry): entry is [string, string] => !!entry[1])
await client.connect(
  new StdioClientTransport({
    command: 'hermes',
    args: ['kanban', 'mcp'],
    env: Object.fromEntries(env),
  }),
)

// biome-ignore lint/suspicious/noExplicitAny: whatever a tool answers
async function use(name: string, input: Record<string, unknown> = {}): Promise<any> {
  const { content } = await client.callTool({ name: `kanban_${name}`, arguments: input })
  const [first] = content as { text: string }[]
  const answer = JSON.parse(first?.text ?? '')
  if (answer.error !== undefined) throw new Error(answer.error)
  return answer
}

const jobs: Record<string, () => Promise<object>> = {
  async orchestrator() {
    if (!/^# Skill kanban-orchestrator/m.test(brief)) throw new Error('the skill is missing')
    if (!/^- researcher: .* \(0 running, 0 ready\)$/m.test(brief))
      throw new Error('nobody is there')
    const ids: string[] = []
    const create = async (title: string, assignee: string, parents: string[] = []) => {
      const { task_id } = await use('create', { title, assignee, parents })
      ids.push(task_id)
      return task_id as string
    }
    const facts = [await create('facts A', 'researcher'), await create('facts B', 'researcher')]
    const note = await create('write the note', 'writer', facts)
    await create('check the note', 'reviewer', [note])
    return { summary: 'two, then one, then one', created_cards: ids }
  },
  async researcher() {
    await use('heartbeat', { note: 'reading' })
    const { task } = await use('show')
    return { summary: `found ${task.title}`, metadata: { sources: 1 } }
  },
  async writer() {
    const { worker_context } = await use('show')
    return {
      summary: `note on ${['facts A', 'facts B'].filter((fact) => worker_context.includes(`found ${fact}`)).join(' and ')}`,
    }
  },
  async reviewer() {
    const { task, parents } = await use('show')
    await use('comment', { task_id: task.id, body: `read ${parents.length}` })
    return { summary: 'ready', metadata: { verdict: 'ready' } }
  },
}

const job = jobs[process.env.HERMES_PROFILE ?? '']
if (job === undefined) throw new Error('who am I?')
await use('complete', { ...(await job()) })
await client.close()
