/** `hermes chat`: talk to a profile, or have one thing done by it; a worker of the runtime `agent` is this too. */

import { environment, readConfig } from '../config.ts'
import { BoardError } from '../model/error.ts'
import { flag } from '../operations/command/grammar.ts'
import { read } from '../operations/command/read.ts'
import type { Asked } from './chat/asked.ts'
import { once } from './chat/once.ts'
import { talk } from './chat/talk.ts'
import { workOn } from './chat/work-on.ts'
import { textOf } from './terminal.ts'

const usage = 'hermes [-p <profile>] chat [-q <prompt>] [--skills <a,b>] [--model <provider/model>]'

const flags = [
  flag('query', '-q, --query <prompt>', 'have this done, and end; - reads it from stdin'),
  flag('skills', '-s, --skills <a,b>', 'skills to load besides those of the profile'),
  flag('model', '-m, --model <provider/model>', 'the model, in place of that of the profile'),
]

const help = `Usage: ${usage}

Talk to a profile: an agent with the tools and the model of its settings. With -q it does one thing and
ends. Inside a worker it works on the task of its run, and ends with 0 only after it was handed over.

Flags:
  -q, --query <prompt>          have this done, and end; - reads it from stdin
  -s, --skills <a,b>            skills to load besides those of the profile
  -m, --model <provider/model>  the model, in place of that of the profile
  -p, --profile <profile>       the profile; default when left out

Exit codes: 0 done, 1 failed, 2 not understood, 75 no quota left for now, 130 and 143 ended by a signal.
`

export async function chat(argv: readonly string[], host: NodeJS.Process): Promise<number> {
  const given = read(argv, { path: [], places: [], flags }, usage)
  if (given.has('help')) {
    host.stdout.write(help)
    return 0
  }
  const text = (key: string): string | undefined => given.get(key)?.toString()
  const facts = environment(host.env)
  const profile = text('profile')?.toLowerCase() ?? facts.profile ?? 'default'
  const query = text('query')
  const asked: Asked = {
    environment: facts,
    config: (await readConfig(facts.root)).config,
    profile,
    model: text('model'),
    skills: wordsIn(text('skills') ?? ''),
    board: text('board'),
  }
  if (query === undefined) return talk(asked, host)
  const prompt = (query === '-' ? await textOf(host.stdin) : query).trim()
  if (prompt === '') throw new BoardError('usage', `the prompt is empty: ${usage}`)
  return facts.worker === undefined ? once(asked, prompt, host) : workOn(asked, prompt, host)
}

function wordsIn(list: string): string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean)
}
