import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { byteLength, cut } from '../../lib/text.ts'
import { locate, type Places, shown } from './places.ts'
import { searchFiles } from './search.ts'
import { defineTool, Refused, type Tool } from './tool.ts'

/** Bytes of a file that a model is shown at once. */
const longestRead = 50_000

/** A file beyond it is not read at all: `search_files` and the terminal can look into it. */
const longestFile = 20_000_000

const path = z.string().min(1).describe('relative to your folder, or absolute')

export function fileTools(places: Places): Tool[] {
  return [readTool(places), writeTool(places), editTool(places), searchFiles(places)]
}

function readTool(places: Places): Tool {
  return defineTool({
    name: 'read_file',
    says: 'Read a text file, or a part of it by lines.',
    input: z.object({
      path,
      from_line: z.int().min(1).optional().describe('the first line, from 1 on'),
      lines: z.int().min(1).optional().describe('how many; all that fit when left out'),
    }),
    about: (input) => input.path,
    async run({ path: named, from_line = 1, lines }) {
      const text = await textOf(places, named)
      const all = text.split('\n')
      const last = lines === undefined ? all.length : Math.min(all.length, from_line - 1 + lines)
      const part = all.slice(from_line - 1, last).join('\n')
      if (from_line > all.length) throw new Refused(`${named} has ${all.length} lines only`)
      if (byteLength(part) <= longestRead) return part === '' ? '(empty)' : part
      const some = cut(part, longestRead)
      const next = from_line + some.split('\n').length - 1
      return `${some}\n\n(lines ${from_line} to ${next} of ${all.length}: go on with from_line ${next})`
    },
  })
}

function writeTool(places: Places): Tool {
  return defineTool({
    name: 'write_file',
    says: 'Write a whole text file. Folders that are missing are made, a file that is there is replaced: use edit_file to change a part of one.',
    acts: true,
    input: z.object({ path, content: z.string() }),
    about: (input) => input.path,
    async run({ path: named, content }) {
      const real = await locate(places, named, 'write')
      await mkdir(dirname(real), { recursive: true })
      await writeFile(real, content)
      return `wrote ${byteLength(content)} bytes to ${shown(places, real)}`
    },
  })
}

function editTool(places: Places): Tool {
  return defineTool({
    name: 'edit_file',
    says: 'Replace a piece of a text file. old_text must be there exactly as you write it, white space included, and once: give enough of what stands around it.',
    acts: true,
    input: z.object({
      path,
      old_text: z.string().min(1),
      new_text: z.string(),
      all: z.boolean().optional().describe('replace it wherever it is'),
    }),
    about: (input) => input.path,
    async run({ path: named, old_text, new_text, all = false }) {
      const before = await textOf(places, named)
      const real = await locate(places, named, 'write')
      const count = before.split(old_text).length - 1
      if (count === 0) {
        throw new Refused(
          `${named} is unchanged: old_text is not in it; read the file again and copy the piece exactly`,
        )
      }
      if (count > 1 && !all) {
        throw new Refused(
          `${named} is unchanged: old_text is in it ${count} times; give more of what stands around it, or all: true`,
        )
      }
      await writeFile(
        real,
        before.replaceAll(old_text, () => new_text),
      )
      return `replaced ${count === 1 ? 'it' : `${count} places`} in ${shown(places, real)}`
    },
  })
}

async function textOf(places: Places, named: string): Promise<string> {
  const real = await locate(places, named, 'read')
  const found = await stat(real).catch(() => undefined)
  if (found === undefined) throw new Refused(`there is no file ${named}`)
  if (!found.isFile()) throw new Refused(`${named} is no file: search_files lists folders`)
  if (found.size > longestFile) {
    throw new Refused(`${named} has ${found.size} bytes, too many to read: search in it`)
  }
  const bytes = await readFile(real)
  if (bytes.subarray(0, 8000).includes(0)) throw new Refused(`${named} is no text file`)
  return bytes.toString()
}
