/** Looks for files by name, and for text in them with the machine's own grep, whose patterns never hang. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Dirent } from 'node:fs'
import { glob, realpath } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { z } from 'zod'
import { cut } from '../../lib/text.ts'
import { locate, type Places, shown } from './places.ts'
import { defineTool, Refused, type Tool } from './tool.ts'

/** Files that are looked at; a pattern that means more is asked to mean less. */
const mostFiles = 20_000

const mostLines = 200

/** Bytes of a line that are shown. */
const longestLine = 300

/** Files for one grep: a command line has its limits. */
const batch = 500

/** Made by programs, and larger than all the rest. */
const ignored = new Set(['.git', 'node_modules', '.worktrees', '__pycache__', '.venv'])

export function searchFiles(places: Places): Tool {
  return defineTool({
    name: 'search_files',
    says: 'Find files by name, or lines in files by a pattern. Folders such as .git and node_modules are left out.',
    input: z.object({
      pattern: z
        .string()
        .min(1)
        .optional()
        .describe(
          'an extended regular expression (grep -E); without it, names of files are listed',
        ),
      files: z.string().min(1).optional().describe('which files: **/*.ts; all when left out'),
      folder: z.string().min(1).optional().describe('where to look; your folder when left out'),
    }),
    about: ({ pattern, files = '', folder = '' }) =>
      [pattern, files, folder].filter(Boolean).join(' in '),
    async run({ pattern, files = '**/*', folder = '.' }, signal) {
      if (files.startsWith('/') || files.split('/').includes('..')) {
        throw new Refused('files is a pattern below folder: give the place in folder')
      }
      const root = await locate(places, folder, 'read')
      const { found, isAll } = await filesIn(root, files)
      const lines = pattern === undefined ? found : await grep(root, pattern, found, signal)
      const named = lines.map((line) => cut(line, longestLine))
      const hints = [
        lines.length > mostLines && `${lines.length - mostLines} more`,
        !isAll && `only ${mostFiles} files were looked at: narrow it down with files or folder`,
      ].filter((hint) => hint !== false)
      if (lines.length === 0) return ['nothing found', ...hints].join('; ')
      const head = root === places.folder ? [] : [`in ${shown(places, root)}:`]
      return [...head, ...named.slice(0, mostLines), ...hints.map((hint) => `(${hint})`)].join('\n')
    },
  })
}

/** Relative to `root`, in order. Links are left out: they may lead anywhere. */
async function filesIn(root: string, pattern: string) {
  const found: string[] = []
  const isInside = new Map<string, boolean>()
  const exclude = (entry: Dirent): boolean => ignored.has(entry.name) || entry.isSymbolicLink()
  for await (const entry of glob(pattern, { cwd: root, exclude, withFileTypes: true })) {
    const { name, parentPath } = entry
    if (!entry.isFile()) continue
    // A pattern may name a link to a folder in so many words.
    if (!isInside.has(parentPath))
      isInside.set(parentPath, (await realpath(parentPath)) === parentPath)
    if (!isInside.get(parentPath)) continue
    if (found.length === mostFiles) return { found: found.sort(), isAll: false }
    found.push(relative(root, join(parentPath, name)))
  }
  return { found: found.sort(), isAll: true }
}

async function grep(root: string, pattern: string, files: readonly string[], signal: AbortSignal) {
  const lines: string[] = []
  for (let at = 0; at < files.length; at += batch) {
    const some = files.slice(at, at + batch)
    const child = spawn('grep', ['-nHIsE', '-e', pattern, '--', ...some], {
      cwd: root,
      signal,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      if (out.length < 1_000_000) out += part
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      err += part
    })
    const [code] = await once(child, 'close')
    if (code > 1 && out === '') throw new Refused(`grep: ${cut(err.trim(), 300)}`)
    lines.push(...out.split('\n').filter(Boolean))
  }
  return lines
}
