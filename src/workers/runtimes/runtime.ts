/** Runtimes: how a run of a profile becomes a process. Data; a driver of the runner does the rest. */

import type { Sign } from '../signs.ts'

export interface Runtime {
  readonly name: string
  /** As its makers write it. */
  readonly title: string
  /** Any program, whose exit code decides; or an agent that is talked to. */
  readonly driver: 'command' | 'acp'
  /** Where its program is; or that the profile names it, or that it is this very one. */
  readonly program: Entry | 'profile' | 'this'
  /** Behind the program. `{brief}`, `{task}` and `{profile}` are replaced in them. */
  readonly args: readonly string[]
  /** What it reads on its standard input, where nobody talks to it: the brief, unless an argument names its file. */
  readonly input: 'brief' | 'nothing'
  /** How it is told which model to use; an agent that has no way of its own is asked in the session. */
  readonly model?: Switch
  /** How it is told to load skills besides those of its brief; `{skills}` is replaced. */
  readonly skills?: Switch
  /** How it behaves where the profile allows its agent what it asks for, and where it does not. */
  readonly permissions: { readonly allow: Manner; readonly deny: Manner }
  /** Variables that it is given, below those of the profile: what makes it behave unattended. */
  readonly env: Readonly<Record<string, string>>
  /** Variables of ours that it is given where they are set: its keys, addresses and places, and no other's. */
  readonly keys: readonly string[]
  /** The same, of those that are on or off: handed on as `1`, however we were told, or not at all. */
  readonly flags: readonly string[]
  /** Files that it reads its settings from, each named to it by a variable. */
  readonly files: readonly SettingsFile[]
  /** It knows the board without us, and opens its file by itself. */
  readonly opensBoard?: true
  /** What an agent is asked for in a session. */
  readonly session: Session
  /** What its trouble looks like, besides what all have in common. */
  readonly signs: readonly Sign[]
  /** How it counts the tokens that it reports. */
  readonly usage: 'turn' | 'session'
  /** What a person is told about it. */
  readonly about: About
}

/** The first of these programs, on the PATH or in one of these folders of the home. */
export interface Entry {
  readonly programs: readonly string[]
  readonly folders: readonly string[]
  /** What lies beside it and is started in its place, because the name alone could be another program. */
  readonly sibling?: string
}

/** In `args`, `{model}` or `{skills}` is replaced. */
export interface Switch {
  readonly args: readonly string[]
}

export interface Manner {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Session modes, the best first; the agent has some of them or none. */
  readonly modes?: readonly string[]
}

export interface SettingsFile {
  readonly name: string
  readonly text: string
  /** The variable that names it. */
  readonly variable: string
}

export interface Session {
  /** Ways to sign in with a key from the environment, for when it says that it is not signed in. */
  readonly signIn: readonly SignIn[]
  /** Whether it begins to work before it has asked for our tools, unless it is waited for. */
  readonly hasty: boolean
}

export interface SignIn {
  /** The agent's name for it. */
  readonly method: string
  /** One of these is set, or it is not tried. */
  readonly keys: readonly string[]
}

export interface About {
  /** How it is installed. */
  readonly install: string
  /** How one logs in, as the rest of a sentence that begins with "to log in". */
  readonly login: string
  /** The version that was driven by our tests. Older ones were not tried. */
  readonly tested?: string
  /** What somebody may have who thinks that they have it. */
  readonly companion?: string
  /** Where a login of it is kept, under the home of the user; not everywhere is it a file. */
  readonly credentials: readonly string[]
}

/** What most have in common. */
export const plain = {
  args: [],
  input: 'brief',
  permissions: { allow: {}, deny: {} },
  env: {},
  keys: [],
  flags: [],
  files: [],
  session: { signIn: [], hasty: false },
  signs: [],
  usage: 'turn',
} as const satisfies Partial<Runtime>

/** Where npm puts the programs of agents that somebody keeps apart from the rest of the machine. */
const ownPackages = 'kanban/agents/node_modules/.bin'

/** A program that npm installs. */
export function npm(...programs: readonly string[]): Entry {
  return { programs, folders: [ownPackages] }
}

/** A program of the Python agent, whose installer puts it into the home that it shares with us. */
export function python(program: string, sibling?: string): Entry {
  const folders = ['hermes-agent/venv/bin', 'hermes-agent/.venv/bin']
  return { programs: [program], folders, ...(sibling === undefined ? {} : { sibling }) }
}
