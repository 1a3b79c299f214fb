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
  format: 'esm',
  minify: true,
  sourcemap: true,
} satisfies OutputOptions

const forAgents =
  /\/src\/(runner\/drivers\/acp|mcp)\/|node_modules\/(@modelcontextprotocol|@agentclientprotocol|@hono|hono)\//

const builds: (RolldownOptions & { output: OutputOptions })[] = [
  {
    // The chunks stay apart: a command needs few of them, and a single file starts twice as slowly.
    ...common,
    input: { main: 'src/main.ts', index: 'src/index.ts' },
    plugins: [thirdParty('third-party.md')],
    output: {
      ...output,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      cleanDir: true,
      // What nearly every command needs is one file: finding and linking each further one takes 0.3 ms.
      // The settings stay out of it: making their schemas takes longer than a command that only reads.
      codeSplitting: {
        groups: [{ name: 'core', test: (id) => /\/src\/(?!config\/)/.test(id), minShareCount: 20 }],
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
      ...output,
      entryFileNames: '[name].js',
      chunkFileNames: 'runner/[name]-[hash].js',
      strictExecutionOrder: true,
      codeSplitting: {
        groups: [
          { name: 'core', test: (id) => !forAgents.test(id), priority: 2 },
          { name: 'agents', test: forAgents, priority: 1 },
        ],
      },
    },
  },
]

export default builds
