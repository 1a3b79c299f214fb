/** What can be set under `kanban:` in the config.yaml of a profile. The root's own file is that of `default`. */

import { z } from 'zod'
import {
  choice,
  duration,
  line,
  lines,
  optional,
  script,
  text,
  variables,
  whole,
} from './values.ts'

/** What the tools of the built-in agent are sorted into. */
export const toolsetNames = [
  'board',
  'files',
  'terminal',
  'web',
  'delegate',
  'memory',
  'mcp',
] as const

const toolsets = z.array(choice(...toolsetNames), { error: 'must be a list' })

const mcpError = 'must be a command with args and env, or a url with headers'

const mcpServer = z.union(
  [
    z.strictObject({
      command: line,
      args: lines.default([]),
      env: variables.default({}),
    }),
    z.strictObject({ url: line, headers: z.record(line, text).default({}) }),
  ],
  { error: mcpError },
)

/** Their names become the beginnings of names of tools. */
const mcpServers = z.record(z.string().regex(/^[A-Za-z0-9_-]{1,32}$/), mcpServer, {
  error: ({ code }) =>
    code === 'invalid_key'
      ? 'must be a name of letters, digits, _ and -'
      : 'must be a table of servers',
})

export type McpServer = z.output<typeof mcpServer>

export const profileSettings = z.object({
  description: text.default('').describe('what it does, so that others can route work to it'),
  runtime: optional(line).describe('how a run of it becomes a process'),
  model: optional(line).describe('passed on as the runtime does it'),
  command: optional(
    z.union([words('must be a command: a script for a shell, or a list of words'), script], {
      error: 'must be a command: a script for a shell, or a list of words',
    }),
  ).describe('for the runtime `command`: a list of words, or a script for a shell'),
  args: lines.default([]).describe("appended to the runtime's own arguments"),
  env: variables
    .default({})
    .describe('its environment: literal values, or variables of ours in braces behind a $'),
  skills: lines.default([]).describe('skills that are always loaded'),
  toolsets: optional(toolsets).describe('what the built-in agent may use; all where left out'),
  folders: lines.default([]).describe('folders besides its workspace where it may read and write'),
  mcp_servers: mcpServers.default({}).describe('programs and addresses that give it more tools'),
  max_steps: whole(1).default(200).describe('answers of the model that a run of it may take'),
  permissions: choice('allow', 'deny')
    .default('allow')
    .describe('the answer to an agent that asks'),
  max_concurrent: optional(whole(1)).describe('runs of it at once'),
  max_runtime: optional(duration).describe('of a run of it; 0 is none'),
  account: optional(line).describe('whose quota it uses, where several profiles share one'),
})

export type ProfileSettings = z.output<typeof profileSettings>

function words(error: string) {
  return z.array(z.string({ error }), { error }).min(1, { error })
}
