import { z } from 'zod'
import { oneLine } from '../../lib/text.ts'
import { longestMemory, type Memory } from '../memory.ts'
import { defineTool, Refused, type Tool } from './tool.ts'

/** Bytes of one entry: a memory is for facts, not for files. */
const longestEntry = 1000

/** An entry that is made while work is done for a tenant begins with its name. */
export function memoryTool(memory: Memory, tenant: string | undefined): Tool {
  const own = (entry: string): string =>
    tenant === undefined || entry.startsWith(`${tenant}:`) ? entry : `${tenant}: ${entry}`

  return defineTool({
    name: 'memory',
    says: `Keep a fact for later conversations (add), read what is kept (read), or put right what is wrong or of no more use (replace, remove). All of it together is read at the start of a conversation, up to ${longestMemory} bytes: keep it short, a line for each fact.`,
    input: z.object({
      action: z.enum(['add', 'read', 'replace', 'remove']),
      file: z
        .string()
        .regex(/^[a-z0-9][a-z0-9_-]{0,40}$/, 'must be a short name of letters, digits, _ and -')
        .optional()
        .describe('the subject, such as people or build; notes when left out'),
      entry: z.string().optional().describe('the fact, in one line'),
      old: z
        .string()
        .optional()
        .describe('for replace and remove: a piece of the entry that is meant'),
    }),
    about: ({ action, entry = '', old = '' }) => [action, entry || old].filter(Boolean).join(' '),
    async run({ action, file = 'notes', entry = '', old = '' }) {
      if (action === 'read') return (await memory.entries(file)).join('\n') || `${file} is empty`
      const text = own(oneLine(entry))
      if (action !== 'remove' && oneLine(entry) === '') throw new Refused('entry is missing')
      if (text.length > longestEntry) {
        throw new Refused(
          `an entry has at most ${longestEntry} characters: put the rest into a file`,
        )
      }
      await memory.change(file, (entries) => {
        if (action === 'add') return [...entries, text]
        const instead = action === 'replace' ? [text] : []
        return entries.toSpliced(meant(entries, old, file), 1, ...instead)
      })
      return `${file} is changed${await warning(memory)}`
    },
  })
}

/** The one entry that has this piece in it. */
function meant(entries: readonly string[], old: string, file: string): number {
  const found = entries.flatMap((entry, at) => (old !== '' && entry.includes(old) ? [at] : []))
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  throw new Refused(
    `${file} is unchanged: ${found.length} of its ${entries.length} entries have ${JSON.stringify(old)} in them; give in old a piece of one`,
  )
}

async function warning(memory: Memory): Promise<string> {
  const size = await memory.size()
  if (size <= longestMemory) return ''
  return `; all memory has ${size} bytes, of which only ${longestMemory} are read at the start: shorten it`
}
