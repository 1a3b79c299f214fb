import type { OutputOptions, RolldownOptions } from 'rolldown'
import { thirdParty } from './scripts/third-party.ts'

// Everything but pg and what only some need, the libraries of chat platforms, is bundled: loading one
// file is faster than finding hundreds.
const common = {
  platform: 'node',
  external: [/^node:/, 'pg', 'pg-native', 'grammy', 'discord.js', /^@slack\//],
  transform: { target: 'node22' },
} satisfies RolldownOptions

const output = {
  dir: 'dist',
  minify: true,
  sourcemap: true,
} satisfies OutputOptions

const forAgents =
  /\/src\/(runner\/drivers\/acp|mcp)\/|node_modules\/(@modelcontextprotocol|@agentclientprotocol|@hono|hono)\//

const everyStart =
  /\/src\/(cli\/(main|kanban|terminal)|operations\/(command\/read|list)|config\/database|store\/sqlite)\.ts$/

/**
 * What is run is CommonJS: to import Node's own modules as ES modules costs 4 ms, as all that they offer
 * is made at once, and to find and link our own costs as much again.
 */
const program = {
  ...output,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  // A single sign beyond Latin-1 doubles the memory of a whole file: 1.2 ms of a command.
  charset: 'ascii',
  // A module begins when it is first asked for, and what a command does not ask for takes no time.
  strictExecutionOrder: true,
} satisfies OutputOptions

const builds: (RolldownOptions & { output: OutputOptions })[] = [
  {
    ...common,
    input: { main: 'src/main.ts' },
    plugins: [thirdParty('third-party.md')],
    output: {
      ...program,
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      cleanDir: true,
      // What a command cannot begin without is one file, with all that it imports: finding each further one
      // takes 0.2 ms.
      codeSplitting: {
        groups: [
          { name: 'start', test: everyStart, priority: 2 },
          { name: 'core', test: /\/src\/(?!config\/)/, minShareCount: 20, priority: 1 },
        ],
      },
    },
  },
  {
    // The runner needs nearly all of its own: here a single file is the faster one. What talks to agents
    // stays out of it: it brings half of the code and Node's HTTP with it, 14 MB for each runner.
    ...common,
    input: { runner: 'src/cli/runner-entry.ts' },
    plugins: [thirdParty('third-party-runner.md')],
    output: {
      ...program,
      chunkFileNames: 'runner/[name]-[hash].cjs',
      codeSplitting: {
        groups: [
          { name: 'core', test: (id) => !forAgents.test(id), priority: 2 },
          { name: 'agents', test: forAgents, priority: 1 },
        ],
      },
    },
  },
  {
    ...common,
    input: { index: 'src/index.ts' },
    plugins: [thirdParty('third-party-library.md')],
    output: {
      ...output,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'library/[name]-[hash].js',
    },
  },
]

export default builds
