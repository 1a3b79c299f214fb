/** The licences of what is bundled go with the bundle, as most of them ask. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'rolldown'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
}

/**
 * Writes `file` beside the chunks: each package that a chunk took something of, with the text of its licence.
 * `also` are those of which only a style sheet has something.
 */
export function thirdParty(file: string, also: readonly string[] = []): Plugin {
  return {
    name: 'third-party',
    generateBundle(_options, bundle) {
      const folders = new Set(also.map((name) => join(packages, name)))
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue
        for (const id of output.moduleIds) {
          const folder = packageOf(id)
          if (folder !== undefined) folders.add(folder)
        }
      }
      const sections = [...folders].map(section).sort()
      this.emitFile({ type: 'asset', fileName: file, source: [heading, ...sections].join('\n') })
    },
  }
}

const heading = `# What is bundled

Parts of these packages are in the files beside this one.
`

const packages = join(import.meta.dirname, '..', 'node_modules')

function packageOf(id: string): string | undefined {
  return /^\0?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1]
}

function section(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const { name, version, license = 'unknown' } = manifest
  return [`## ${name} ${version} (${license})`, '', '```', textIn(folder), '```', ''].join('\n')
}

/** Its own file; a package that ships none is named with what its manifest says. */
function textIn(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name))
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8').trim()
  return 'It comes without the text of its licence.'
}
