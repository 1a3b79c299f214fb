import type { OutputOptions, RolldownOptions } from 'rolldown'

// Everything but pg is bundled: loading one file is faster than finding hundreds.
const common = {
  platform: 'node',
  external: [/^node:/, 'pg', 'pg-native'],
  transform: { target: 'node22' },
} satisfies RolldownOptions

const output = {
  dir: 'dist',
  format: 'esm',
  minify: true,
  sourcemap: true,
} satisfies OutputOptions

const builds: (RolldownOptions & { output: OutputOptions })[] = [
  {
    // The chunks stay apart: a command needs few of them, and a single file starts twice as slowly.
    ...common,
    input: { main: 'src/main.ts', index: 'src/index.ts' },
    output: {
      ...output,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      cleanDir: true,
      // What nearly every command needs is one file: finding and linking each further one takes 0.3 ms.
      codeSplitting: { groups: [{ name: 'core', test: /src\//, minShareCount: 20 }] },
    },
  },
  {
    // The runner needs all of its own: here a single file is the faster one.
    ...common,
    input: { runner: 'src/cli/runner-entry.ts' },
    output: { ...output, entryFileNames: '[name].js', codeSplitting: false },
  },
]

export default builds
